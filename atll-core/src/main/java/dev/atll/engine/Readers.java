package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.StoreClosedException;
import dev.atll.env.Clock;
import dev.atll.observe.Histogram;
import dev.atll.read.PointReader;
import dev.atll.read.ReadMeter;
import dev.atll.read.StoreCursor;
import dev.atll.tree.DeadRanges;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What every view of a store reads with. */
final class Readers {
  private final StateHolder states;
  private final LongSupplier visibleRevision;
  private final PointReader points;
  private final ReadMeter meter;
  private final int samplePeriod;
  private final AtomicLong seeks = new AtomicLong();
  private volatile boolean closed;

  Readers(
      StateHolder states,
      LongSupplier visibleRevision,
      ReadMeter meter,
      int samplePeriod,
      Clock clock,
      Histogram latency) {
    this.states = states;
    this.visibleRevision = visibleRevision;
    this.meter = meter;
    this.samplePeriod = samplePeriod;
    this.points = new PointReader(states, visibleRevision, meter, samplePeriod, clock, latency);
  }

  PointReader points() {
    return points;
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() {
    if (closed) {
      throw new StoreClosedException("store is closed");
    }
  }

  /**
   * Memory of a table that a close unmapped meanwhile reports an illegal state; memory beyond the end
   * of a file that somebody cut short reports an internal error.
   */
  RuntimeException explain(Throwable e) {
    if (closed) {
      return new StoreClosedException("store was closed during the read", e);
    }
    return e instanceof RuntimeException runtime
        ? runtime
        : new CorruptionException("(a mapped table)", 0, "file is shorter than it was", e);
  }

  Cursor cursor(KeyRange range, long revision) {
    int stripe = StateHolder.stripe();
    ReadState state = states.pin(stripe);
    long at = Math.min(revision, visibleRevision.getAsLong());
    return new StoreCursor(
        state,
        at,
        range,
        new StoreCursor.Owner() {
          @Override
          public void closed() {
            states.unpin(state, stripe);
          }

          @Override
          public void positioned(byte[] key, List<ReadRun> runs) {
            meter.countSeek(runs.size());
            if (seeks.getAndIncrement() % samplePeriod == 0) {
              state.tree().countSeek(key, runs, samplePeriod);
            }
          }

          @Override
          public DeadRanges deadRanges() {
            return states.deadRanges();
          }

          @Override
          public boolean isStoreClosed() {
            return closed;
          }
        });
  }
}
