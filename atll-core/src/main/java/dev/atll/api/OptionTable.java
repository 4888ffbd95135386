package dev.atll.api;

import dev.atll.base.DecisionNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Every option that can be set as text, one row each: what comes of a row is the check of its range,
 * its reading and writing as text, its line of {@link Options#describe()} and of {@code
 * context/options.md}. A new option is a row here, a component of a record in {@link Options}, a
 * setter and a getter; a test holds the four together.
 */
final class OptionTable {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final long PIB = 1L << 50;
  private static final Duration MILLI = Duration.ofMillis(1);

  // Before the rows, which enter themselves here.
  private static final List<OptionRow<?>> LIST = new ArrayList<>();

  static final OptionRow<Durability> DURABILITY =
      row("write", "durability", OptionKind.of(Durability.class))
          .otherwise(Durability.SYNC)
          .says(
              "When a write without a durability of its own returns");

  static final OptionRow<Duration> SYNC_INTERVAL =
      row("write", "syncInterval", OptionKind.DURATION)
          .from(MILLI)
          .off()
          .otherwise(Duration.ofSeconds(1))
          .says(
              "Longest time between a write and its sync under durability interval");

  static final OptionRow<Boolean> FLUSH_ON_CLOSE =
      row("write", "flushOnClose", OptionKind.SWITCH)
          .otherwise(true)
          .says(
              "Whether closing writes the memtables to tables, so that the next open "
                  + "replays nothing");

  static final OptionRow<Long> MEMTABLE_BYTES =
      row("write", "memtableBytes", OptionKind.LONG)
          .range(16 * KIB, GIB)
          .bytes()
          .otherwise(
              Math.clamp(Runtime.getRuntime().maxMemory() / 16, MIB, 64 * MIB),
              "64 MiB, less with a heap below 1 GiB: a sixteenth of it, at least 1 MiB")
          .says(
              "Size at which a memtable is sealed and flushed");

  static final OptionRow<Duration> MEMTABLE_AGE =
      row("write", "memtableAge", OptionKind.DURATION)
          .from(MILLI)
          .off()
          .otherwise(Duration.ofSeconds(30))
          .says(
              "Age of the oldest write at which a memtable is sealed however small");

  static final OptionRow<Integer> MEMTABLES_MAX =
      row("write", "memtablesMax", OptionKind.INT)
          .range(2, 16)
          .otherwise(4)
          .says(
              "Memtables that may exist before writers wait, the active one included");

  static final OptionRow<Long> WAL_SEGMENT_BYTES =
      row("write", "walSegmentBytes", OptionKind.LONG)
          .range(4 * KIB, GIB)
          .bytes()
          .otherwise(128 * MIB)
          .says(
              "Size at which a log segment is closed");

  static final OptionRow<Duration> WAL_COLLECT_INTERVAL =
      row("write", "walCollectInterval", OptionKind.DURATION)
          .from(MILLI)
          .off()
          .otherwise(Duration.ofMinutes(1))
          .says(
              "Time between collections of log segments, besides those after each flush");

  static final OptionRow<Boolean> CREATE_IF_MISSING =
      row("tree", "createIfMissing", OptionKind.SWITCH)
          .otherwise(true)
          .says(
              "Whether opening an empty or absent directory makes a new store");

  static final OptionRow<Integer> FANOUT =
      row("tree", "fanout", OptionKind.INT)
          .range(2, 100)
          .otherwise(10)
          .says(
              "T, the ratio of neighbouring levels' sizes");

  static final OptionRow<Integer> LEVEL_COUNT =
      row("tree", "levelCount", OptionKind.INT)
          .range(1, 16)
          .otherwise(7)
          .says(
              "Levels below level 0, fixed when the store is created");

  static final OptionRow<Long> SLOT_BYTES =
      row("tree", "slotBytes", OptionKind.LONG)
          .range(4 * KIB, GIB)
          .bytes()
          .auto()
          .otherwise(0L)
          .says(
              "Data bytes a slot should hold, by itself a quarter of memtableBytes");

  static final OptionRow<Integer> BLOCK_BYTES =
      row("tree", "blockBytes", OptionKind.INT)
          .range(1, 1 << 20)
          .bytes()
          .otherwise(4096)
          .says(
              "Target size of a data block before compression; with 1, each block holds "
                  + "one entry");

  static final OptionRow<Long> PARTITION_BYTES =
      row("tree", "partitionBytes", OptionKind.LONG)
          .range(KIB, 64 * MIB)
          .bytes()
          .otherwise(4 * MIB)
          .says(
              "Data bytes after which a filter and index partition is ended");

  static final OptionRow<Options.Compression> COMPRESSION =
      row("tree", "compression", OptionKind.of(Options.Compression.class))
          .otherwise(Options.Compression.NONE)
          .says(
              "How data blocks are compressed");

  static final OptionRow<Double> FILTER_BITS_PER_KEY =
      row("read", "filterBitsPerKey", OptionKind.DOUBLE)
          .range(0.0, 32.0)
          .off()
          .otherwise(10.0)
          .says(
              "Filter bits for each entry, on average over the tree; where not all tables "
                  + "fit the memory for them, runs may get more: what the bits would be worth "
                  + "there as a cache");

  static final OptionRow<Options.FilterAllocation> FILTER_ALLOCATION =
      row("read", "filterAllocation", OptionKind.of(Options.FilterAllocation.class))
          .otherwise(Options.FilterAllocation.BY_NEED)
          .says(
              "How filter bits are shared out among runs");

  static final OptionRow<Long> FILTER_BYTES_MAX =
      row("read", "filterBytesMax", OptionKind.LONG)
          .range(0L, PIB)
          .bytes()
          .otherwise(256 * MIB)
          .says(
              "Bound on the bytes of all filters under filterAllocation by_need");

  static final OptionRow<Integer> BLOOM_LEVELS =
      row("read", "bloomLevels", OptionKind.INT)
          .range(0, 17)
          .otherwise(2)
          .says(
              "Levels, counted from 0, whose tables get blocked Bloom filters, the fast "
                  + "kind; those below get ribbon filters, the small kind");

  static final OptionRow<Long> BLOCK_CACHE_BYTES =
      row("read", "blockCacheBytes", OptionKind.LONG)
          .range(1L, TIB)
          .bytes()
          .off()
          .otherwise(
              Math.min(256 * MIB, Runtime.getRuntime().maxMemory() / 8),
              "256 MiB, less with a heap below 2 GiB (an eighth of it)")
          .says(
              "Bound on the cache of decompressed blocks; uncompressed blocks are read in "
                  + "place and need none");

  static final OptionRow<Long> TABLE_MEMORY_BYTES =
      row("read", "tableMemoryBytes", OptionKind.LONG)
          .range(1L, PIB)
          .bytes()
          .auto()
          .otherwise(0L)
          .says(
              "Memory outside the heap for the tables, by itself what the container or "
                  + "the machine can give; while the tables fit they are mapped, beyond that "
                  + "their blocks are read one by one into a cache of this size");

  static final OptionRow<Integer> READ_SAMPLE_PERIOD =
      row("read", "readSamplePeriod", OptionKind.INT)
          .range(1, 1 << 16)
          .powerOfTwo()
          .otherwise(64)
          .says(
              "One read in this many is measured for burdens and heat");

  static final OptionRow<Integer> COMPACTION_JOBS =
      row("compaction", "compactionJobs", OptionKind.INT)
          .range(1, 64)
          .otherwise(
              Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, 4),
              "processors less one, 1 to 4")
          .says(
              "Compactions that may run at once");

  static final OptionRow<Long> COMPACTION_SLICE_BYTES =
      row("compaction", "compactionSliceBytes", OptionKind.LONG)
          .range(KIB, GIB)
          .bytes()
          .otherwise(MIB)
          .says(
              "Bytes a compaction reads before it lets more urgent work go first");

  static final OptionRow<Long> COMPACTION_BYTES_PER_SECOND =
      row("compaction", "compactionBytesPerSecond", OptionKind.LONG)
          .range(1L, PIB)
          .bytes()
          .off()
          .otherwise(0L)
          .says(
              "Bound on bytes read and written by compactions per second");

  static final OptionRow<Integer> RUNS_CAP =
      row("compaction", "runsCap", OptionKind.INT)
          .range(2, 64)
          .otherwise(64)
          .says(
              "Most runs a slot may hold whatever the policy");

  static final OptionRow<Integer> RUNS_PER_READ_MAX =
      row("compaction", "runsPerReadMax", OptionKind.INT)
          .range(2, 1_000_000)
          .off()
          .otherwise(0)
          .says(
              "Most runs a read may meet on its way down, level 0 included; a way that "
                  + "has one run in each slot is left as it is, however many levels there are");

  static final OptionRow<Double> SPACE_AMPLIFICATION_MAX =
      row("compaction", "spaceAmplificationMax", OptionKind.DOUBLE)
          .range(1.05, 10.0)
          .otherwise(1.25)
          .says(
              "Bound on stored ÷ live data bytes that policies hold");

  static final OptionRow<Integer> TOMBSTONE_PERMILLE =
      row("compaction", "tombstonePermille", OptionKind.INT)
          .range(1, 1000)
          .otherwise(150)
          .says(
              "Share of deletions in what a purge would move, in thousandths, from which "
                  + "it is considered");

  static final OptionRow<Duration> DELETE_DEADLINE =
      row("compaction", "deleteDeadline", OptionKind.DURATION)
          .range(MILLI, Duration.ofDays(365_000))
          .off()
          .otherwise(Options.OFF)
          .says(
              "How long a deletion may wait, from its flush, until what it deleted is "
                  + "gone from the tables; what snapshots and the retained revisions can still "
                  + "see stays");

  static final OptionRow<Integer> LEVEL_ZERO_SLOW =
      row("limits", "levelZeroSlow", OptionKind.INT)
          .range(1, 1000)
          .otherwise(6)
          .says(
              "Runs in level 0 from which writers are slowed, at most levelZeroMax");

  static final OptionRow<Integer> LEVEL_ZERO_MAX =
      row("limits", "levelZeroMax", OptionKind.INT)
          .range(1, 1000)
          .otherwise(12)
          .says(
              "Runs in level 0 from which writers wait for fewer, then fail after a "
                  + "minute without any change");

  static final OptionRow<Long> RETAINED_REVISIONS =
      row("limits", "retainedRevisions", OptionKind.LONG)
          .range(1L, 1L << 62)
          .off()
          .otherwise(0L)
          .says(
              "How many past revisions stay readable without a snapshot; counted are "
                  + "revisions that writes have, across closing and unclean stops: numbers that "
                  + "an unclean stop left out do not count");

  static final OptionRow<Long> REVISION_RESERVE =
      row("limits", "revisionReserve", OptionKind.LONG)
          .range(1L, 1L << 40)
          .otherwise(1L << 20)
          .says(
              "Revisions reserved in the manifest at a time; after an unclean stop "
                  + "numbering goes on above the reserve");

  static final OptionRow<Long> SPACE_RESERVE_BYTES =
      row("limits", "spaceReserveBytes", OptionKind.LONG)
          .range(1L, PIB)
          .bytes()
          .off()
          .otherwise(16 * MIB)
          .says(
              "Disk space that puts may not use up, so that deletions and purges still "
                  + "can");

  static final OptionRow<Integer> KEY_BYTES_MAX =
      row("limits", "keyBytesMax", OptionKind.INT)
          .range(1, 1 << 20)
          .bytes()
          .otherwise(64 << 10)
          .says(
              "Longest key accepted");

  static final OptionRow<Integer> VALUE_BYTES_MAX =
      row("limits", "valueBytesMax", OptionKind.INT)
          .range(1, 1 << 30)
          .bytes()
          .otherwise(16 << 20)
          .says(
              "Longest value accepted");

  static final OptionRow<Integer> BATCH_BYTES_MAX =
      row("limits", "batchBytesMax", OptionKind.INT)
          .range(64, 1 << 30)
          .bytes()
          .otherwise(64 << 20)
          .says(
              "Largest encoded batch accepted");

  static final OptionRow<String> POLICY =
      row("decisions", "policy", OptionKind.NAME)
          .named("a name that Policies knows")
          .otherwise("atll")
          .says(
              "Name of the compaction policy, with its parameters");

  static final OptionRow<String> SCHEDULER =
      row("decisions", "scheduler", OptionKind.NAME)
          .named("a name that Pickers knows")
          .otherwise("index")
          .says(
              "Name of the picker that chooses which slot's candidate goes first");

  static final OptionRow<String> LEARNER =
      row("decisions", "learner", OptionKind.NAME)
          .named("a name that Learners knows")
          .otherwise("off")
          .says(
              "Name of the learner that tunes theta around burdenThreshold, or off");

  static final OptionRow<String> UNIT_COSTS =
      row("decisions", "unitCosts", OptionKind.NAME)
          .named("five numbers from 0 to 1e9 with slashes between, the last two not both 0")
          .otherwise("100/600/1500/1/3")
          .says(
              "Prices that decisions are made with, in nanoseconds: a filter probe, a "
                  + "block searched, a run positioned, a byte read and a byte written by a "
                  + "merge; those of blocks and seeks are for memory, what reads wait for a "
                  + "device is measured and added");

  static final OptionRow<Double> BURDEN_THRESHOLD =
      row("decisions", "burdenThreshold", OptionKind.DOUBLE)
          .range(0.01, 100.0)
          .otherwise(1.0)
          .says(
              "Theta: burden ÷ cost from which the atll policy merges");

  static final OptionRow<Long> HEAT_HALF_LIFE_OPS =
      row("decisions", "heatHalfLifeOps", OptionKind.LONG)
          .range(1L, 1L << 40)
          .otherwise(40_000L)
          .says(
              "Operations after which a slot's heat has halved");

  static final OptionRow<Boolean> STATIC_FALLBACK =
      row("decisions", "staticFallback", OptionKind.SWITCH)
          .otherwise(false)
          .says(
              "Whether the atll policy gives all slots of a level the same number of runs "
                  + "while the predicted gain of treating them apart is below 2 %");

  static final OptionRow<Long> DECISION_SEED =
      row("decisions", "decisionSeed", OptionKind.LONG)
          .otherwise(1L)
          .says(
              "Seed of all chance in decisions: the same seed and history repeat them");

  /** All rows, group by group; each one's index is its place here. */
  static final List<OptionRow<?>> ROWS = Collections.unmodifiableList(LIST);

  private OptionTable() {}

  private static <T extends Comparable<? super T>> OptionRow<T> row(
      String group, String name, OptionKind<T> kind) {
    OptionRow<T> row = new OptionRow<>(LIST.size(), group, name, kind);
    LIST.add(row);
    return row;
  }

  /**
   * The row of an option.
   *
   * @throws InvalidInputException if there is none of this name
   */
  static OptionRow<?> named(String name) {
    for (OptionRow<?> row : ROWS) {
      if (row.name().equals(name)) {
        return row;
      }
    }
    throw new InvalidInputException(
        String.format(
            Locale.ROOT,
            "no option is called %s; there are %s",
            name, String.join(", ", ROWS.stream().map(OptionRow::name).sorted().toList())));
  }

  /** Refuses what is out of its range, what contradicts another option, and names of nothing. */
  static void check(Options.Builder values) {
    for (OptionRow<?> row : ROWS) {
      checkOne(row, values);
    }
    int most = values.get(LEVEL_ZERO_MAX);
    if (values.get(LEVEL_ZERO_SLOW) > most) {
      throw LEVEL_ZERO_SLOW.refused(
          values.get(LEVEL_ZERO_SLOW), "at most levelZeroMax, which is " + most, null);
    }
    long seed = values.get(DECISION_SEED);
    checkName(POLICY, values, text -> Names.KNOWN.policy(text, seed));
    checkName(SCHEDULER, values, text -> Names.KNOWN.picker(text, seed));
    checkName(LEARNER, values, text -> Names.KNOWN.learner(text, seed));
    checkName(UNIT_COSTS, values, Names.KNOWN::unitCosts);
  }

  private static <T extends Comparable<? super T>> void checkOne(
      OptionRow<T> row, Options.Builder values) {
    row.check(values.get(row));
  }

  private static void checkName(OptionRow<String> row, Options.Builder values, Lookup lookup) {
    String text = values.get(row);
    try {
      lookup.find(text);
    } catch (InvalidInputException e) {
      throw row.refused(text, String.valueOf(e.getMessage()), e);
    }
  }

  /** Looks a name up. */
  private interface Lookup {
    void find(String text);
  }

  /** What knows the names: found when first needed, since it lies on a higher floor. */
  private static final class Names {
    static final DecisionNames KNOWN = find();

    private static DecisionNames find() {
      @Nullable ClassLoader ours = Options.class.getClassLoader();
      return ServiceLoader.load(DecisionNames.class, ours)
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "the jar of the engine is incomplete: nothing provides "
                          + DecisionNames.class.getName()));
    }
  }
}
