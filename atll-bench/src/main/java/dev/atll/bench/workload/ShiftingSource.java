package dev.atll.bench.workload;

/** The stream of {@link ShiftingHotSet}. */
final class ShiftingSource implements OpSource {
  private final ShiftingHotSet settings;
  private final Random64 random;
  private final long keys;
  private final int threads;
  private long op;
  private long period = -1;
  private HotRange reads;
  private HotRange writes;

  ShiftingSource(WorkloadSettings workload, int thread) {
    settings = workload.hotSet();
    random = new Random64(workload.seed() * 1_000_003 + thread);
    keys = workload.keys();
    threads = workload.threads();
    reads = settings.reads(0);
    writes = settings.writes(0);
  }

  @Override
  public void fill(OpBuffer into, int count) {
    into.clear();
    for (int i = 0; i < count; i++) {
      move();
      if (random.nextDouble() >= settings.readShare()) {
        into.add(OpKind.PUT, writes.draw(random, keys), 1);
      } else if (random.nextDouble() < settings.scanShare()) {
        into.add(OpKind.SCAN, reads.draw(random, keys), settings.scanEntries());
      } else {
        into.add(OpKind.GET, reads.draw(random, keys), 1);
      }
    }
  }

  /** All threads count their own operations, so the period is over when they add up to it. */
  private void move() {
    long now = settings.period(op * threads);
    op++;
    if (now != period) {
      period = now;
      reads = settings.reads(now);
      writes = settings.writes(now);
    }
  }
}
