package dev.atll.bench.workload;

/** Writes each key once, in the order of their numbers; threads take turns. */
final class LoadSource implements OpSource {
  private final long keys;
  private final int threads;
  private long next;

  LoadSource(WorkloadSettings settings, int thread) {
    keys = settings.keys();
    threads = settings.threads();
    next = thread;
  }

  @Override
  public void fill(OpBuffer into, int count) {
    into.clear();
    for (int i = 0; i < count && next < keys; i++) {
      into.add(OpKind.INSERT, next, 1);
      next += threads;
    }
  }
}
