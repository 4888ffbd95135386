package dev.atll.engine;

import dev.atll.env.Workers;
import dev.atll.tree.Health;
import dev.atll.wal.WalWriter;
import dev.atll.write.CommitPipeline;
import java.io.IOException;

/**
 * Syncs the log by the clock, so that a write under INTERVAL is lost by a power cut for at most that
 * time, also when no further write comes.
 */
final class SyncLoop implements Workers.WorkUnit {
  private final WalWriter wal;
  private final Health health;
  private final CommitPipeline commits;
  private final long intervalNanos;

  SyncLoop(WalWriter wal, CommitPipeline commits, Health health, long intervalNanos) {
    this.wal = wal;
    this.commits = commits;
    this.health = health;
    this.intervalNanos = intervalNanos;
  }

  @Override
  public long runOnce() {
    if (health.isPoisoned()) {
      return Long.MAX_VALUE;
    }
    try {
      if (commits.isTimedSyncWanted() && wal.bytesUnsynced() > 0) {
        wal.sync();
      }
      return intervalNanos;
    } catch (IOException e) {
      health.poison(e);
      return Long.MAX_VALUE;
    } catch (Throwable e) {
      if (wal.isFailed()) {
        health.poison(e);
        return Long.MAX_VALUE;
      }
      throw e; // nothing was forced, and nothing is in doubt: the next interval tries again
    }
  }
}
