package dev.atll.bench.experiment;

import dev.atll.bench.report.Latencies;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.OpBuffer;
import dev.atll.bench.workload.OpKind;
import dev.atll.bench.workload.OpSource;
import dev.atll.bench.workload.Random64;
import dev.atll.bench.workload.Values;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries out a workload's stream and measures it. Operations are drawn before the clock starts; the
 * measured loop fills key and value arrays that it re-uses, and allocates nothing of its own.
 *
 * <p>With a pace, operations have due times, and their latencies count from when they were due, not
 * from when the store got round to them: a store that stalls is charged for all that waited.
 *
 * <p>Without one, writes and scans are timed one by one, point reads one in {@value #READ_SAMPLE}: a clock
 * reading costs some 30 ns, which only a short operation would feel.
 */
final class WorkloadWorker implements Worker {
  /** One point read in this many is timed by itself; a power of two. */
  static final int READ_SAMPLE = 8;

  /** The most operations drawn at once. */
  static final int STEP_MAX = 4096;

  private static final long PARK_NANOS_MIN = 100_000;
  private static final byte[] EMPTY = {};

  private final Store store;
  private final KeySpace keys;
  private final OpSource source;
  private final OpBuffer buffer = new OpBuffer(STEP_MAX);
  private final byte[] key = new byte[KeySpace.KEY_BYTES];
  private final byte[] value;
  private final long keyCount;
  private final Random64 batchKeys;
  private final ScanChecksum checksum = new ScanChecksum();
  private final Tally tally = new Tally();
  private final double nanosPerOp;
  private double dueNanos;
  private byte[][] manyKeys = {};
  private byte[][] manyValues = {};
  private long version;

  WorkloadWorker(
      Store store, KeySpace keys, OpSource source, int valueBytes, long keyCount, long seed) {
    this(store, keys, source, valueBytes, keyCount, seed, 0);
  }

  /** With a pace in operations a second; 0 for none. */
  WorkloadWorker(
      Store store,
      KeySpace keys,
      OpSource source,
      int valueBytes,
      long keyCount,
      long seed,
      double opsPerSecond) {
    this.nanosPerOp = opsPerSecond > 0 ? 1e9 / opsPerSecond : 0;
    this.store = store;
    this.keys = keys;
    this.source = source;
    this.value = new byte[valueBytes];
    this.keyCount = keyCount;
    this.batchKeys = new Random64(seed);
  }

  @Override
  public Tally tally() {
    return tally;
  }

  /** Folds everything that was read, so that stores can be compared. */
  long checksum() {
    return checksum.sum();
  }

  @Override
  public boolean step(int count) {
    source.fill(buffer, Math.min(count, STEP_MAX));
    int size = buffer.size();
    if (nanosPerOp > 0) {
      paced(size);
      return size > 0;
    }
    long began = System.nanoTime();
    long last = began;
    boolean lastIsNow = true;
    for (int i = 0; i < size; i++) {
      OpKind kind = buffer.kind(i);
      Latencies latencies = latenciesOf(kind);
      if (latencies == tally.reads && (i & (READ_SAMPLE - 1)) != 0) {
        execute(kind, i);
        lastIsNow = false;
        continue;
      }
      long from = lastIsNow ? last : System.nanoTime();
      execute(kind, i);
      last = System.nanoTime();
      lastIsNow = true;
      latencies.record(last - from);
    }
    tally.timedNanos += System.nanoTime() - began;
    tally.ops += size;
    return size > 0;
  }

  private void paced(int size) {
    for (int i = 0; i < size; i++) {
      dueNanos = dueNanos == 0 ? System.nanoTime() : dueNanos + nanosPerOp;
      long due = (long) dueNanos;
      awaitTime(due);
      long from = System.nanoTime();
      OpKind kind = buffer.kind(i);
      execute(kind, i);
      long now = System.nanoTime();
      latenciesOf(kind).record(now - due);
      tally.timedNanos += now - from;
    }
    tally.ops += size;
  }

  /** Sleeps while there is time, as a wake-up comes some 50 microseconds late, then spins. */
  private static void awaitTime(long nanos) {
    long left = nanos - System.nanoTime();
    while (left > 0) {
      if (left > PARK_NANOS_MIN) {
        LockSupport.parkNanos(left - PARK_NANOS_MIN);
      } else {
        Thread.onSpinWait();
      }
      left = nanos - System.nanoTime();
    }
  }

  private Latencies latenciesOf(OpKind kind) {
    return switch (kind) {
      case GET, GET_ABSENT, GET_MANY -> tally.reads;
      case PUT, INSERT, DELETE, READ_MODIFY_WRITE, BATCH -> tally.writes;
      case SCAN -> tally.scans;
    };
  }

  private void execute(OpKind kind, int i) {
    long index = buffer.index(i);
    switch (kind) {
      case GET -> {
        keys.write(index, key);
        read();
      }
      case GET_ABSENT -> {
        keys.writeAbsent(index, key);
        read();
      }
      case GET_MANY -> readMany(buffer.length(i));
      case PUT, INSERT -> {
        keys.write(index, key);
        put(index);
      }
      case READ_MODIFY_WRITE -> {
        keys.write(index, key);
        read();
        put(index);
      }
      case DELETE -> {
        keys.write(index, key);
        store.delete(key);
        tally.userBytesWritten += key.length;
        tally.entries++;
      }
      case SCAN -> scan(index, buffer.length(i));
      case BATCH -> batch(buffer.length(i));
    }
  }

  private void read() {
    byte[] found = store.get(key);
    if (found == null) {
      tally.absent++;
    } else {
      tally.found++;
      checksum.add(found.length, found.length == 0 ? 0 : found[found.length - 1], 0);
    }
    tally.entries++;
  }

  private void readMany(int length) {
    makeRoom(length);
    for (int i = 0; i < length; i++) {
      keys.write(batchKeys.nextLong(keyCount), manyKeys[i]);
    }
    for (byte[] found : store.getAll(manyKeys, length)) {
      if (found == null) {
        tally.absent++;
      } else {
        tally.found++;
        checksum.add(found.length, found.length == 0 ? 0 : found[found.length - 1], 0);
      }
    }
    tally.entries += length;
  }

  private void makeRoom(int length) {
    if (manyKeys.length < length) {
      manyKeys = new byte[length][KeySpace.KEY_BYTES];
      manyValues = new byte[length][value.length];
    }
  }

  private void put(long index) {
    Values.write(index, version++, value);
    store.put(key, value);
    tally.userBytesWritten += key.length + value.length;
    tally.entries++;
  }

  private void scan(long index, int length) {
    byte[] low = EMPTY;
    // A scan of everything begins where everything does.
    if (length != Integer.MAX_VALUE) {
      keys.write(index, key);
      low = key;
    }
    tally.entries += store.scan(low, null, length, checksum);
  }

  private void batch(int length) {
    makeRoom(length);
    for (int i = 0; i < length; i++) {
      long index = batchKeys.nextLong(keyCount);
      keys.write(index, manyKeys[i]);
      Values.write(index, version++, manyValues[i]);
    }
    store.putAll(manyKeys, manyValues, length);
    tally.userBytesWritten += (long) length * (KeySpace.KEY_BYTES + value.length);
    tally.entries += length;
  }
}
