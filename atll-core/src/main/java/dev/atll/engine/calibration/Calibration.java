package dev.atll.engine.calibration;

import dev.atll.api.Options;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.MergingCursor;
import dev.atll.base.Times;
import dev.atll.base.ValueKind;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimClock;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.memtable.Memtable;
import dev.atll.policy.UnitCosts;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableOptions;
import dev.atll.sstable.TableReader;
import dev.atll.sstable.TableSetWriter;
import dev.atll.tree.TableCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Measures what decisions are priced with: two tables in memory are
 * probed, searched, positioned and merged, with the code that the store does it with. Each is repeated
 * for a warm-up, until the compiler has settled, and then for as long again; the fastest batch counts,
 * since what disturbs can only slow down. Memory only: what a device adds to a block or to a merged
 * byte is not in it.
 *
 * <p>Takes seconds, so a store does not do it when it opens: decision 0080 has the figures.
 */
public final class Calibration {
  private static final int VALUE_BYTES = 100;
  private static final int BATCH = 256;

  private final Clock clock;
  private final int entries;
  private final long eachNanos;
  private final Lookup lookup = new Lookup();
  private long next = 1;

  private Calibration(Clock clock, int entries, long eachNanos) {
    this.clock = clock;
    this.entries = entries;
    this.eachNanos = eachNanos;
  }

  /**
   * Measures the prices of this machine for tables as a store with these options has them.
   *
   * @param entries of each table, about 120 bytes each; 400,000 are more than most caches hold
   * @param each time for each of five prices, half of it warm-up; 2 s are enough for a compiler
   */
  public static UnitCosts measure(Options options, int entries, Duration each) {
    Env env = Env.system();
    try {
      return new Calibration(env.clock(), entries, Times.nanos(each) / 2).measure(options);
    } finally {
      env.workers().close();
    }
  }

  private UnitCosts measure(Options options) {
    TableOptions layout = TableCache.tableOptions(options);
    try (Storage storage =
        new SimFileSystem(new SimClock(0, 0)).open(Path.of("calibration"), true)) {
      TableReader even = table(storage, layout, 1, 0);
      TableReader odd = table(storage, layout, 2, 1);
      double probe = time(() -> even.mayContain(lookup), 1);
      double get = time(() -> even.get(lookup), 0);
      double seek;
      try (EntryCursor cursor = even.cursor(Keys.EMPTY, null)) {
        seek = time(() -> cursor.seek(lookup.key, 0, lookup.keyLength, Long.MAX_VALUE), 0);
      }
      long bytes = even.info().fileBytes() + odd.info().fileBytes();
      double read = merge(even, odd, null, layout) / bytes;
      double both = merge(even, odd, storage, layout) / bytes;
      even.close();
      odd.close();
      return new UnitCosts(
          probe, Math.max(0, get - probe), seek, read, Math.max(0, both - read));
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
  }

  /** A table of every other key. */
  private TableReader table(Storage storage, TableOptions layout, long number, int odd)
      throws IOException {
    Memtable memtable = new Memtable(number, number);
    byte[] value = new byte[VALUE_BYTES];
    for (int i = 0; i < entries; i++) {
      byte[] key = key(2L * i + odd);
      memtable.put(i + 1, ValueKind.PUT, key, 0, key.length, value, 0, value.length);
    }
    TableSetWriter writer =
        new TableSetWriter(
            storage, () -> number, layout, new byte[0][], new byte[0][], Long.MAX_VALUE);
    try (EntryCursor cursor = memtable.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        writer.add(cursor);
      }
    }
    TableInfo info = writer.finish().get(0);
    String name = TableNames.fileName(number);
    return TableReader.open(storage.open(name), info.fileNumber(), name, null);
  }

  private static byte[] key(long n) {
    byte[] key = new byte[16];
    for (int i = 0; i < 8; i++) {
      key[15 - i] = (byte) (n >>> (8 * i));
    }
    return key;
  }

  /** Nanoseconds of one step, each with another key, of those of one parity. */
  private double time(Runnable step, int parity) {
    byte[][] keys = new byte[BATCH][];
    return fastest(
            () -> {
              for (int i = 0; i < BATCH; i++) {
                next = next * 6364136223846793005L + 1442695040888963407L;
                keys[i] = key(2 * Math.floorMod(next >>> 20, (long) entries) + parity);
              }
            },
            () -> {
              for (byte[] key : keys) {
                lookup.ask(key, 0, key.length, Long.MAX_VALUE);
                step.run();
              }
            })
        / BATCH;
  }

  /** Nanoseconds of merging two tables, into a new one or into nothing. */
  private double merge(
      TableReader a, TableReader b, @Nullable Storage storage, TableOptions layout) {
    AtomicLong numbers = new AtomicLong(10);
    return fastest(
        () -> {},
        () -> {
          try (EntryCursor merged =
              new MergingCursor(a.scan(Keys.EMPTY, null), b.scan(Keys.EMPTY, null))) {
            TableSetWriter output =
                storage == null
                    ? null
                    : new TableSetWriter(
                        storage, numbers::getAndIncrement, layout, new byte[0][], new byte[0][],
                        Long.MAX_VALUE);
            for (boolean more = merged.seekToFirst(); more; more = merged.next()) {
              if (output != null) {
                output.add(merged);
              }
            }
            if (output != null) {
              output.finish();
              output.abandon();
            }
          } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
          }
        });
  }

  private double fastest(Runnable prepare, Runnable batch) {
    long warm = clock.nanoTime() + eachNanos;
    while (clock.nanoTime() < warm) {
      prepare.run();
      batch.run();
    }
    long best = Long.MAX_VALUE;
    long end = clock.nanoTime() + eachNanos;
    do {
      prepare.run();
      long began = clock.nanoTime();
      batch.run();
      best = Math.min(best, clock.nanoTime() - began);
    } while (clock.nanoTime() < end);
    return best;
  }
}
