package dev.atll.bench.experiment;

import dev.atll.bench.report.Latencies;
import dev.atll.bench.store.EntryVisitor;
import dev.atll.bench.store.Store;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.OpBuffer;
import dev.atll.bench.workload.OpKind;
import dev.atll.bench.workload.OpSource;
import dev.atll.bench.workload.Random64;
import dev.atll.bench.workload.Values;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a workload's stream and checks every answer against a model.
 *
 * <p>With several threads each has a model of its own, for the keys whose numbers are in its residue
 * class: an operation on another thread's key is turned to a key of its own nearby, and of a scan it
 * checks the order of all entries but the contents of its own only.
 */
final class VerifyingWorker implements Worker {
  private static final byte[] EMPTY = {};

  private final Store store;
  private final KeySpace keys;
  private final OpSource source;
  private final OpBuffer buffer = new OpBuffer(WorkloadWorker.STEP_MAX);
  private final byte[] key = new byte[KeySpace.KEY_BYTES];
  private final byte[] value;
  private final long keyCount;
  private final int thread;
  private final int threads;
  private final Random64 batchKeys;
  private final Model model;
  private final Tally tally;
  private final Latencies reads;
  private long op;
  private long version;

  /**
   * Which of the operations are one worker's.
   *
   * @param thread its number, from 0
   * @param threads how many workers there are
   * @param seed of its keys
   * @param part of the run, from 0
   */
  record Share(int thread, int threads, long seed, int part) {}

  VerifyingWorker(
      Store store,
      KeySpace keys,
      OpSource source,
      int valueBytes,
      long keyCount,
      Share share,
      Model model) {
    this.store = store;
    this.keys = keys;
    this.source = source;
    this.value = new byte[valueBytes];
    this.keyCount = keyCount;
    this.thread = share.thread();
    this.threads = share.threads();
    this.batchKeys = new Random64(share.seed());
    this.model = model;
    this.tally = new Tally();
    this.reads = tally.reads;
    // Versions of a later part of the run must differ from those of an earlier one.
    this.version = (long) share.part() << 56;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public boolean step(int count) {
    source.fill(buffer, Math.min(count, WorkloadWorker.STEP_MAX));
    for (int i = 0; i < buffer.size(); i++) {
      execute(buffer.kind(i), buffer.index(i), buffer.length(i));
      op++;
      tally.ops++;
    }
    return buffer.size() > 0;
  }

  private void execute(OpKind kind, long anyIndex, int length) {
    long index = owned(anyIndex);
    switch (kind) {
      case GET -> {
        keys.write(index, key);
        get();
      }
      case GET_ABSENT -> {
        keys.writeAbsent(index, key);
        get();
      }
      case GET_MANY -> getMany(length);
      case PUT, INSERT -> put(index);
      case READ_MODIFY_WRITE -> {
        keys.write(index, key);
        get();
        put(index);
      }
      case DELETE -> {
        keys.write(index, key);
        long began = System.nanoTime();
        store.delete(key);
        time(tally.writes, began);
        model.delete(key);
        tally.userBytesWritten += key.length;
        tally.entries++;
      }
      case SCAN -> scan(index, length);
      case BATCH -> batch(length);
    }
  }

  private long owned(long index) {
    if (threads == 1 || index % threads == thread) {
      return index;
    }
    long own = index - index % threads + thread;
    // The last residue class may end before the key count does.
    return own >= keyCount && index < keyCount ? Math.max(thread, own - threads) : own;
  }

  private void time(Latencies latencies, long began) {
    long nanos = System.nanoTime() - began;
    latencies.record(nanos);
    tally.timedNanos += nanos;
  }

  private void get() {
    long began = System.nanoTime();
    byte[] found = store.get(key);
    time(reads, began);
    model.checkGet(key, found, () -> op);
    if (found == null) {
      tally.absent++;
    } else {
      tally.found++;
    }
    tally.entries++;
  }

  private void getMany(int length) {
    byte[][] asked = new byte[length][KeySpace.KEY_BYTES];
    for (int i = 0; i < length; i++) {
      keys.write(owned(batchKeys.nextLong(keyCount)), asked[i]);
    }
    long began = System.nanoTime();
    byte[] @Nullable [] found = store.getAll(asked, length);
    time(reads, began);
    for (int i = 0; i < length; i++) {
      model.checkGet(asked[i], found[i], () -> op);
      if (found[i] == null) {
        tally.absent++;
      } else {
        tally.found++;
      }
    }
    tally.entries += length;
  }

  private void put(long index) {
    keys.write(index, key);
    Values.write(index, version, value);
    long began = System.nanoTime();
    store.put(key, value);
    time(tally.writes, began);
    model.put(key, index, version);
    version++;
    tally.userBytesWritten += key.length + value.length;
    tally.entries++;
  }

  private void scan(long index, int length) {
    byte[] low = EMPTY;
    if (length != Integer.MAX_VALUE) {
      keys.write(index, key);
      low = key;
    }
    Model.ScanCheck check = model.scan(low, null, () -> op);
    EntryVisitor visitor =
        threads == 1
            ? check
            : (k, v) -> {
              long at = keys.index(k);
              if (at < 0 || at % threads == thread) {
                check.entry(k, v);
              }
            };
    int[] count = {0};
    long began = System.nanoTime();
    store.visit(
        low,
        null,
        length,
        (k, v) -> {
          count[0]++;
          visitor.entry(k, v);
        });
    time(tally.scans, began);
    check.end(count[0] == length);
    tally.entries += count[0];
  }

  private void batch(int length) {
    byte[][] batchKeyBytes = new byte[length][KeySpace.KEY_BYTES];
    byte[][] values = new byte[length][value.length];
    for (int i = 0; i < length; i++) {
      long index = owned(batchKeys.nextLong(keyCount));
      keys.write(index, batchKeyBytes[i]);
      Values.write(index, version, values[i]);
      // Later entries of a batch win over earlier ones, as in the model.
      model.put(batchKeyBytes[i], index, version);
      version++;
    }
    long began = System.nanoTime();
    store.putAll(batchKeyBytes, values, length);
    time(tally.writes, began);
    tally.userBytesWritten += (long) length * (KeySpace.KEY_BYTES + value.length);
    tally.entries += length;
  }
}
