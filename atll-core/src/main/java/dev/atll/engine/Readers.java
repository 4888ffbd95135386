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
import dev.atll.tree.ProbeTimes;
import dev.atll.tree.DeadRanges;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What every view of a store reads with. */
final class Readers {
  private final StateHolder states;
  private final LongSupplier visibleRevision;
  private final PointReader points;
  private final ReadMeter meter;
  private final Consumer<CorruptionException> onDamage;
  private final int samplePeriod;
  private final AtomicLong seeks = new AtomicLong();
  private volatile boolean closed;

  Readers(
      StateHolder states,
      LongSupplier visibleRevision,
      ReadMeter meter,
      int samplePeriod,
      Clock clock,
      Histogram latency,
      ProbeTimes probeTimes,
      Consumer<CorruptionException> onDamage) {
    this.onDamage = onDamage;
    this.states = states;
    this.visibleRevision = visibleRevision;
    this.meter = meter;
    this.samplePeriod = samplePeriod;
    this.points =
        new PointReader(
            states, visibleRevision, meter, samplePeriod, clock, latency, probeTimes);
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
   * What a read under way has met: once the store is closed, whatever it was, that the store is
   * closed, since its tables are unmapped then. Memory beyond the end of a file that somebody cut
   * short reports an internal error.
   */
  RuntimeException explain(Throwable e) {
    if (closed && !(e instanceof StoreClosedException)) {
      return new StoreClosedException("store was closed during the read", e);
    }
    RuntimeException found =
        e instanceof RuntimeException runtime
            ? runtime
            : new CorruptionException("(a mapped table)", 0, "file is shorter than it was", e);
    if (found instanceof CorruptionException damage) {
      onDamage.accept(damage);
    }
    return found;
  }

  Cursor cursor(KeyRange range, long revision) {
    Objects.requireNonNull(range, "range");
    int stripe = StateHolder.stripe();
    ReadState state = states.pin(stripe);
    try {
      long at = Math.min(revision, visibleRevision.getAsLong());
      StoreCursor cursor = new StoreCursor(state, at, range, new Owner(state));
      return new ViewCursor(cursor, this, () -> states.unpin(state, stripe));
    } catch (Throwable e) {
      // A state that stays pinned keeps every table it names for as long as the store is open.
      states.unpin(state, stripe);
      throw e;
    }
  }

  private final class Owner implements StoreCursor.Owner {
    private final ReadState state;

    Owner(ReadState state) {
      this.state = state;
    }

    @Override
    public void closed() {}

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
  }
}
