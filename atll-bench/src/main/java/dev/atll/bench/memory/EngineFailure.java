package dev.atll.bench.memory;

/** An engine's process ended, does not answer, or says that it failed. The message says why. */
final class EngineFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  EngineFailure(String message) {
    super(message);
  }
}
