package dev.atll.bench.torture;

import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What every thread of every cycle writes, as a pure function of the seed: so that a pipe needs to
 * carry only numbers, and the process that loads and the one that judges agree on every byte.
 *
 * <p>Cells are numbered: keys from 0 up, and for each thread of each cycle one marker, which each of
 * its batches sets. A batch in flight when the process died was applied if, and only if, its marker
 * says so.
 *
 * @param seed of everything
 * @param keys how many keys there are
 * @param threads how many threads write
 * @param durability of the writes; null to draw one for each write
 */
record LoadPlan(long seed, int keys, int threads, @Nullable Durability durability) {
  private static final int MARKER_BASE = 1 << 24;
  private static final int THREADS_MAX = 32;
  private static final int HEADER_BYTES = 12;

  /** Checks the limits that cell numbers set. */
  LoadPlan {
    if (threads < 1 || threads > THREADS_MAX || keys < 2 * (threads + 1) || keys > MARKER_BASE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d threads, %d keys", threads, keys));
    }
  }

  /**
   * One write: to a single cell, or a batch.
   *
   * @param id names it; never 0
   * @param batch whether it is a batch, whose last cell is the marker
   * @param cells distinct
   * @param deletes for each cell, whether its value is taken away
   * @param durability when it may return
   */
  record Op(long id, boolean batch, int[] cells, boolean[] deletes, Durability durability) {}

  static long id(int cycle, int thread, int sequence) {
    return ((long) (cycle + 1) << 37) | ((long) thread << 32) | sequence;
  }

  static String describe(long id) {
    return
        String.format(
            Locale.ROOT,
            "cycle %d thread %d write %d",
            (id >>> 37) - 1, (id >>> 32) & (THREADS_MAX - 1), (int) id);
  }

  static int marker(int cycle, int thread) {
    return MARKER_BASE + cycle * THREADS_MAX + thread;
  }

  /** The write with a number, counted from 1 in each thread of each cycle. */
  Op op(int cycle, int thread, int sequence) {
    long id = id(cycle, thread, sequence);
    SplittableRandom random = new SplittableRandom(seed ^ (id * 0x9E3779B97F4A7C15L));
    Durability when =
        durability != null ? durability : drawn(random, Durability.values());
    int die = random.nextInt(100);
    if (die < 75) {
      return new Op(
          id, false, new int[] {cell(random, thread)}, new boolean[] {die < 15}, when);
    }
    Set<Integer> drawn = new LinkedHashSet<>();
    for (int count = 2 + random.nextInt(8); count > 0; count--) {
      drawn.add(cell(random, thread));
    }
    drawn.add(marker(cycle, thread));
    int[] cells = drawn.stream().mapToInt(Integer::intValue).toArray();
    boolean[] deletes = new boolean[cells.length];
    for (int i = 0; i < cells.length - 1; i++) {
      deletes[i] = random.nextInt(4) == 0;
    }
    return new Op(id, true, cells, deletes, when);
  }

  /** Mostly a key that no other thread writes, else one of those that all write. */
  private int cell(SplittableRandom random, int thread) {
    int classes = threads + 1;
    int rank = random.nextInt(keys / classes);
    return rank * classes + (random.nextInt(5) == 0 ? threads : thread);
  }

  /** Whether only one thread writes this key. */
  boolean isOwned(int cell) {
    return cell < keys && cell % (threads + 1) < threads;
  }

  /** The key of a cell; that of cell 0 is empty. */
  byte[] key(int cell) {
    if (cell == 0) {
      return new byte[0];
    }
    String name =
        cell >= MARKER_BASE

                ? String.format(
                    Locale.ROOT,
                    "m/%07d/%02d",
                    (cell - MARKER_BASE) / THREADS_MAX, (cell - MARKER_BASE) % THREADS_MAX)
            // Scattered, so that neighbours in number are not neighbours in order.

                : String.format(
                    Locale.ROOT,
                    "k%08x%s",
                    cell * 0x9E3779B1, cell % 16 == 0 ? "-".repeat(100 + cell % 200) : "");
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** The value that a write gives a cell: its id, the cell, and noise of a length of its own. */
  byte[] value(long id, int cell) {
    SplittableRandom noise = new SplittableRandom(seed + id * 31 + cell);
    int length = noise.nextInt(64) == 0 ? 8192 : noise.nextInt(300);
    byte[] value = new byte[HEADER_BYTES + length];
    noise.nextBytes(value);
    ByteBuffer.wrap(value).putLong(id).putInt(cell);
    return value;
  }

  /** The id of the write that made a value, or 0 if no write made it. */
  long writer(int cell, byte[] value) {
    if (value.length < HEADER_BYTES) {
      return 0;
    }
    long id = ByteBuffer.wrap(value).getLong();
    return id != 0 && Arrays.equals(value, value(id, cell)) ? id : 0;
  }

  /** All cells that can have been written up to and including a cycle. */
  List<Integer> cells(int lastCycle) {
    List<Integer> all = new ArrayList<>();
    for (int cell = 0; cell < keys; cell++) {
      all.add(cell);
    }
    for (int cycle = 0; cycle <= lastCycle; cycle++) {
      for (int thread = 0; thread < threads; thread++) {
        all.add(marker(cycle, thread));
      }
    }
    return all;
  }

  /** The options of a cycle: small, so that flushes and compactions run all the time, and varied. */
  Options options(int cycle) {
    SplittableRandom random = new SplittableRandom(seed * 31 + cycle);
    return Options.builder()
        .durability(durability != null ? durability : Durability.SYNC)
        .syncInterval(Duration.ofMillis(20))
        .levelCount(3)
        .memtableBytes(32L << 10 << random.nextInt(6))
        .memtablesMax(2 + random.nextInt(3))
        .walSegmentBytes(16L << 10 << random.nextInt(6))
        .policy(policy(random))
        .fanout(2 + random.nextInt(6))
        .runsCap(2 + random.nextInt(8))
        .slotBytes(16L << 10 << random.nextInt(3))
        .blockBytes(random.nextInt(4) == 0 ? 1 : 4096)
        .compression(drawn(random, Options.Compression.values()))
        .compactionJobs(1 + random.nextInt(2))
        .compactionSliceBytes(32L << 10)
        .revisionReserve(random.nextBoolean() ? 100 : 1L << 20)
        .retainedRevisions(random.nextBoolean() ? 0 : 1000)
        .flushOnClose(random.nextBoolean())
        .spaceReserveBytes(random.nextBoolean() ? 0 : 256 << 10)
        // Every other cycle reads its tables block by block.
        .tableMemoryBytes(random.nextInt(2))
        .build();
  }

  /** One of the compaction policies. */
  static String policy(SplittableRandom random) {
    return drawn(random, "atll", "leveled", "tiered", "lazy");
  }

  @SafeVarargs
  private static <T> T drawn(SplittableRandom random, T... from) {
    return from[random.nextInt(from.length)];
  }
}
