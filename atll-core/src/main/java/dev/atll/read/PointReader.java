package dev.atll.read;

import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.env.Clock;
import dev.atll.memtable.Memtable;
import dev.atll.observe.Histogram;
import dev.atll.tree.ProbeTimes;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.StateHolder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Point lookups: pin the state, take the revision, ask memtables and runs newest first.
 *
 * <p>The state is pinned before the revision is read (invariant I7): a job that dropped versions for
 * a newer floor has published its state before, so whatever the pinned state lacks, a revision read
 * later does not need.
 */
public final class PointReader {
  // Twice as many as read ahead at once: each of those finds one waiting.
  private static final int KEYS_AHEAD = 16;

  private final StateHolder states;
  private final LongSupplier visibleRevision;
  private final ReadMeter meter;
  private final int samplePeriod;
  private final Clock clock;
  private final Histogram latency;
  private final ProbeTimes probeTimes;
  private final ThreadLocal<Context> contexts = ThreadLocal.withInitial(Context::new);

  /** What a thread keeps between its lookups, so that a lookup allocates only its value. */
  private static final class Context {
    final Lookup lookup = new Lookup();
    final int stripe = StateHolder.stripe();
    int untilSample = 1;
    int chance = 0x2545F491;
    boolean busy;

    /** Reads until the next measured one: random, so that a periodic workload is seen whole. */
    int drawGap(int period) {
      chance ^= chance << 13;
      chance ^= chance >>> 17;
      chance ^= chance << 5;
      return 1 + Integer.remainderUnsigned(chance, 2 * period - 1);
    }
  }

  /**
   * Reads from the states of a holder; one read in {@code samplePeriod} is measured, its time goes
   * to {@code latency}, that of the filters it asks to {@code probeTimes}.
   */
  public PointReader(
      StateHolder states,
      LongSupplier visibleRevision,
      ReadMeter meter,
      int samplePeriod,
      Clock clock,
      Histogram latency,
      ProbeTimes probeTimes) {
    this.states = states;
    this.visibleRevision = visibleRevision;
    this.meter = meter;
    this.samplePeriod = samplePeriod;
    this.clock = clock;
    this.latency = latency;
    this.probeTimes = probeTimes;
  }

  /** A copy of the newest visible value, or null. */
  public byte @Nullable [] get(byte[] key) {
    return get(key, Long.MAX_VALUE);
  }

  /** A copy of the value at a revision, or null; at most the visible revision is read. */
  public byte @Nullable [] get(byte[] key, long revision) {
    Context context = contexts.get();
    Lookup lookup = context.busy ? new Lookup() : context.lookup;
    ReadState state = states.pin(context.stripe);
    try {
      find(state, lookup, key, revision, context);
      return valueOf(lookup);
    } finally {
      lookup.release();
      states.unpin(state, context.stripe);
    }
  }

  /**
   * Copies of the newest visible values of keys, null for those without, all at one revision. Where
   * tables are read by blocks, the keys are looked up in their order, and the block of a key is asked
   * for while those of the {@value #KEYS_AHEAD} before it are still to be looked up.
   */
  public byte[] @Nullable [] getAll(byte[][] keys, long revision) {
    Context context = contexts.get();
    Lookup lookup = context.busy ? new Lookup() : context.lookup;
    byte[] @Nullable [] values = new byte[keys.length][];
    ReadState state = states.pin(context.stripe);
    try {
      long at = Math.min(revision, visibleRevision.getAsLong());
      if (keys.length < 2 || state.tree().isMapped()) {
        for (int i = 0; i < keys.length; i++) {
          find(state, lookup, keys[i], at, context);
          values[i] = valueOf(lookup);
        }
        return values;
      }
      Integer[] order = new Integer[keys.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Keys.compare(keys[a], keys[b]));
      Lookup ahead = new Lookup();
      long last = ReadTree.NOWHERE;
      for (int i = 0, next = 0; i < keys.length; i++) {
        for (; next < keys.length && next <= i + KEYS_AHEAD; next++) {
          last = prefetch(state, ahead, keys[order[next]], at, last);
        }
        find(state, lookup, keys[order[i]], at, context);
        values[order[i]] = valueOf(lookup);
      }
      return values;
    } finally {
      lookup.release();
      states.unpin(state, context.stripe);
    }
  }

  private static long prefetch(
      ReadState state, Lookup ahead, byte[] key, long revision, long last) {
    ahead.ask(key, 0, key.length, revision);
    for (Memtable memtable : state.memtables()) {
      memtable.get(ahead);
      if (ahead.answer != Lookup.Answer.UNKNOWN) {
        return last;
      }
    }
    return state.tree().prefetch(ahead, last);
  }

  private static byte @Nullable [] valueOf(Lookup lookup) {
    if (lookup.answer != Lookup.Answer.FOUND) {
      return null;
    }
    byte[] value = new byte[lookup.valueLength];
    MemorySegment.copy(
        lookup.valueSegment, ValueLayout.JAVA_BYTE, lookup.valueOffset, value, 0, value.length);
    return value;
  }

  /** Applies a function to the value in place, or returns null if there is none. */
  public <R extends @Nullable Object> @Nullable R get(
      byte[] key, long revision, Function<MemorySegment, R> view) {
    Context context = contexts.get();
    // The function may read the store again, on this thread, with a lookup of its own.
    boolean outer = !context.busy;
    Lookup lookup = outer ? context.lookup : new Lookup();
    ReadState state = states.pin(context.stripe);
    context.busy = true;
    try {
      find(state, lookup, key, revision, context);
      return lookup.answer == Lookup.Answer.FOUND
          ? view.apply(
              lookup.valueSegment.asSlice(lookup.valueOffset, lookup.valueLength).asReadOnly())
          : null;
    } finally {
      lookup.release();
      if (outer) {
        context.busy = false;
      }
      states.unpin(state, context.stripe);
    }
  }

  /** Whether the key has a value at a revision. */
  public boolean contains(byte[] key, long revision) {
    Context context = contexts.get();
    Lookup lookup = context.busy ? new Lookup() : context.lookup;
    ReadState state = states.pin(context.stripe);
    try {
      find(state, lookup, key, revision, context);
      return lookup.answer == Lookup.Answer.FOUND;
    } finally {
      lookup.release();
      states.unpin(state, context.stripe);
    }
  }

  private void find(ReadState state, Lookup lookup, byte[] key, long revision, Context context) {
    lookup.ask(key, 0, key.length, Math.min(revision, visibleRevision.getAsLong()));
    meter.countGet();
    if (--context.untilSample <= 0) {
      context.untilSample = context.drawGap(samplePeriod);
      findMeasured(state, lookup);
      return;
    }
    for (Memtable memtable : state.memtables()) {
      memtable.get(lookup);
      if (lookup.answer != Lookup.Answer.UNKNOWN) {
        return;
      }
    }
    state.tree().get(lookup);
  }

  private void findMeasured(ReadState state, Lookup lookup) {
    long began = clock.nanoTime();
    for (Memtable memtable : state.memtables()) {
      memtable.get(lookup);
      if (lookup.answer != Lookup.Answer.UNKNOWN) {
        break;
      }
    }
    if (lookup.answer == Lookup.Answer.UNKNOWN) {
      state.tree().getMeasured(lookup, samplePeriod, probeTimes);
      if (lookup.answer == Lookup.Answer.UNKNOWN) {
        state.countMiss(lookup, samplePeriod);
      }
    }
    meter.countSample(lookup);
    latency.record(clock.nanoTime() - began);
  }
}
