package dev.atll.engine;

import dev.atll.env.Clock;
import dev.atll.env.Workers;
import dev.atll.read.ReadMeter;
import dev.atll.tree.Health;
import dev.atll.tree.StateHolder;
import dev.atll.wal.WalWriter;
import dev.atll.write.CommitPipeline;
import dev.atll.write.WriteThrottle;
import java.io.IOException;

/** What goes by the clock: seals old memtables, collects the log, looks at the pressure. */
final class UpkeepLoop implements Workers.WorkUnit {
  private static final long PRESSURE_NANOS = 100_000_000L;
  private static final long READS_BETWEEN_LOOKS = 1024;

  private final CommitPipeline commits;
  private final WalWriter wal;
  private final StateHolder states;
  private final WriteThrottle throttle;
  private final Health health;
  private final Clock clock;
  private final long collectNanos;
  private final ReadMeter reads;
  private final Runnable onReads;
  private long readsSeen;
  private long collectAtNanos;
  private long sealAtNanos;

  UpkeepLoop(
      CommitPipeline commits,
      WalWriter wal,
      StateHolder states,
      WriteThrottle throttle,
      Health health,
      Clock clock,
      long collectNanos,
      ReadMeter reads,
      Runnable onReads) {
    this.commits = commits;
    this.wal = wal;
    this.states = states;
    this.throttle = throttle;
    this.health = health;
    this.clock = clock;
    this.collectNanos = collectNanos;
    this.reads = reads;
    this.onReads = onReads;
    this.collectAtNanos = clock.nanoTime() + collectNanos;
    this.sealAtNanos = clock.nanoTime();
  }

  @Override
  public long runOnce() {
    if (health.isPoisoned()) {
      return Long.MAX_VALUE;
    }
    long now = clock.nanoTime();
    if (now - sealAtNanos >= 0) {
      sealAtNanos = now + commits.sealIfOld();
    }
    if (now - collectAtNanos >= 0) {
      collectAtNanos = now + collectNanos;
      try {
        wal.collect(states.peek().version().flushedRevision() + 1);
      } catch (IOException e) {
        // A log that failed says so to the next write; a file that could not go is tried again.
      }
    }
    throttle.update();
    long readsNow = reads.gets() + reads.seeks();
    if (readsNow - readsSeen >= READS_BETWEEN_LOOKS) {
      // Reads alone can make a merge worth while: burdens grow without any change of the tree.
      readsSeen = readsNow;
      onReads.run();
    }
    return Math.max(
        1_000_000L, Math.min(PRESSURE_NANOS, Math.min(sealAtNanos, collectAtNanos) - now));
  }
}
