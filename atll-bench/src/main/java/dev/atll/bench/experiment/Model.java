package dev.atll.bench.experiment;

import dev.atll.bench.store.EntryVisitor;
import dev.atll.bench.workload.Values;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store should hold: for each key the version of its value. Keys are told apart by their
 * first 8 bytes, in unsigned order, which the key spaces used here allow. Not thread-safe.
 */
final class Model {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What a key should hold. */
  record Held(long index, long version) {}

  private final NavigableMap<Long, Held> held = new TreeMap<>();
  private final Mismatches mismatches;

  Model(Mismatches mismatches) {
    this.mismatches = mismatches;
  }

  /** The key's place in order, as a signed number. */
  static long place(byte[] key) {
    return (long) LONG.get(key, 0) ^ Long.MIN_VALUE;
  }

  void put(byte[] key, long index, long version) {
    held.put(place(key), new Held(index, version));
  }

  void delete(byte[] key) {
    held.remove(place(key));
  }

  int size() {
    return held.size();
  }

  /** Takes over all that another model holds. */
  void addAll(Model other) {
    held.putAll(other.held);
  }

  /** Checks the answer to a point read. */
  void checkGet(byte[] key, byte @Nullable [] answer, LongSupplier op) {
    Held expected = held.get(place(key));
    if (expected == null) {
      if (answer != null) {
        mismatches.add(
            () ->
                String.format(
                    Locale.ROOT,
                    "op %d: get %s: %s, but the key was never written or was deleted",
                    op.getAsLong(), hex(key), Values.describe(answer)));
      }
    } else if (answer == null) {
      mismatches.add(
          () ->
              String.format(
                  Locale.ROOT,
                  "op %d: get %s: nothing, expected version %d of key %d",
                  op.getAsLong(), hex(key), expected.version, expected.index));
    } else if (!Values.matches(expected.index, expected.version, answer)) {
      mismatches.add(
          () ->
              String.format(
                  Locale.ROOT,
                  "op %d: get %s: %s, expected version %d of key %d",
                  op.getAsLong(),
                  hex(key),
                  Values.describe(answer),
                  expected.version,
                  expected.index));
    }
  }

  /** Checks a scan entry by entry; call {@link ScanCheck#end} after the last. */
  ScanCheck scan(byte[] low, byte @Nullable [] high, LongSupplier op) {
    NavigableMap<Long, Held> range =
        low.length == 0 ? held : held.tailMap(place(low), true);
    if (high != null) {
      long end = place(high);
      range =
          low.length != 0 && place(low) >= end
              ? new TreeMap<>()
              : range.headMap(end, false);
    }
    return new ScanCheck(range.entrySet().iterator(), op);
  }

  /** Expects the entries of a range in order. */
  final class ScanCheck implements EntryVisitor {
    private final Iterator<Map.Entry<Long, Held>> expected;
    private final LongSupplier op;
    private long count;
    private boolean lost;
    private @Nullable Long last;

    private ScanCheck(Iterator<Map.Entry<Long, Held>> expected, LongSupplier op) {
      this.expected = expected;
      this.op = op;
    }

    /** How many entries came. */
    long count() {
      return count;
    }

    @Override
    public void entry(byte[] key, byte[] value) {
      count++;
      long place = place(key);
      if (last != null && place <= last) {
        mismatches.add(() ->
            String.format(
                Locale.ROOT,
                "op %d: scan: key %s out of order",
                op.getAsLong(), hex(key)));
      }
      last = place;
      if (lost) {
        return;
      }
      if (!expected.hasNext()) {
        lost = true;
        mismatches.add(
            () ->
                String.format(
                    Locale.ROOT,
                    "op %d: scan: %s = %s after the last expected entry",
                    op.getAsLong(), hex(key), Values.describe(value)));
        return;
      }
      Map.Entry<Long, Held> next = expected.next();
      Held should = next.getValue();
      if (next.getKey() != place) {
        // One missing or foreign key shifts all that follow: telling it once is enough.
        lost = true;
        mismatches.add(
            () ->
                String.format(
                    Locale.ROOT,
                    "op %d: scan: entry %d is %s = %s, expected version %d of key %d",
                    op.getAsLong(),
                    count,
                    hex(key),
                    Values.describe(value),
                    should.version,
                    should.index));
      } else if (!Values.matches(should.index, should.version, value)) {
        mismatches.add(
            () ->
                String.format(
                    Locale.ROOT,
                    "op %d: scan: %s = %s, expected version %d of key %d",
                    op.getAsLong(),
                    hex(key),
                    Values.describe(value),
                    should.version,
                    should.index));
      }
    }

    /**
     * Checks that nothing is missing at the end.
     *
     * @param limited whether the scan ended because it had as many entries as it asked for
     */
    void end(boolean limited) {
      if (!limited && !lost && expected.hasNext()) {
        Held missing = expected.next().getValue();
        mismatches.add(
            () ->
                String.format(
                    Locale.ROOT,
                    "op %d: scan: ends after %d entries before version %d of key %d",
                    op.getAsLong(), count, missing.version, missing.index));
      }
    }
  }

  private static String hex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }
}
