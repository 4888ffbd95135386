package dev.atll.env;

/** Hears of a background loop that ended by an error. Called on the thread of that loop. */
@FunctionalInterface
interface WorkerErrorHandler {
  /** Does nothing more: {@link Workers.Worker#failure()} remembers the error. */
  WorkerErrorHandler REMEMBER = (worker, error) -> {};

  /**
   * Called once for a loop that threw.
   *
   * @param worker the name of the loop
   * @param error what it threw
   */
  void onError(String worker, Throwable error);
}
