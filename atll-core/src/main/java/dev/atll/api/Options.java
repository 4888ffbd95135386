package dev.atll.api;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * Everything that can be set about a store: six records, made together by {@link #builder()}, so that
 * a value out of its range, or one that contradicts another, is refused before a file is touched.
 * Immutable. {@code context/options.md} lists all options with their ranges and defaults.
 *
 * <p>Where an option can be off, that is 0 for a number and {@link #OFF} for a duration, and {@code
 * off} as text.
 */
public final class Options {
  /** What a duration is set to that shall never be over: the rule it belongs to is off. */
  public static final Duration OFF = ChronoUnit.FOREVER.getDuration();

  private final Write write;
  private final Tree tree;
  private final Read read;
  private final Compaction compaction;
  private final Limits limits;
  private final Decisions decisions;
  private final Object[] values;

  private Options(Builder b) {
    this.values = b.values.clone();
    this.write =
        new Write(
            b.get(OptionTable.DURABILITY),
            b.get(OptionTable.SYNC_INTERVAL),
            b.get(OptionTable.FLUSH_ON_CLOSE),
            b.get(OptionTable.MEMTABLE_BYTES),
            b.get(OptionTable.MEMTABLE_AGE),
            b.get(OptionTable.MEMTABLES_MAX),
            b.get(OptionTable.WAL_SEGMENT_BYTES),
            b.get(OptionTable.WAL_COLLECT_INTERVAL));
    this.tree =
        new Tree(
            b.get(OptionTable.CREATE_IF_MISSING),
            b.get(OptionTable.FANOUT),
            b.get(OptionTable.LEVEL_COUNT),
            b.get(OptionTable.SLOT_BYTES),
            b.get(OptionTable.BLOCK_BYTES),
            b.get(OptionTable.PARTITION_BYTES),
            b.get(OptionTable.COMPRESSION),
            b.splitKeys);
    this.read =
        new Read(
            b.get(OptionTable.FILTER_BITS_PER_KEY),
            b.get(OptionTable.FILTER_ALLOCATION),
            b.get(OptionTable.FILTER_BYTES_MAX),
            b.get(OptionTable.BLOOM_LEVELS),
            b.get(OptionTable.BLOCK_CACHE_BYTES),
            b.get(OptionTable.TABLE_MEMORY_BYTES),
            b.get(OptionTable.READ_SAMPLE_PERIOD));
    this.compaction =
        new Compaction(
            b.get(OptionTable.COMPACTION_JOBS),
            b.get(OptionTable.COMPACTION_SLICE_BYTES),
            b.get(OptionTable.COMPACTION_BYTES_PER_SECOND),
            b.get(OptionTable.RUNS_CAP),
            b.get(OptionTable.RUNS_PER_READ_MAX),
            b.get(OptionTable.SPACE_AMPLIFICATION_MAX),
            b.get(OptionTable.TOMBSTONE_PERMILLE),
            b.get(OptionTable.DELETE_DEADLINE));
    this.limits =
        new Limits(
            b.get(OptionTable.LEVEL_ZERO_SLOW),
            b.get(OptionTable.LEVEL_ZERO_MAX),
            b.get(OptionTable.RETAINED_REVISIONS),
            b.get(OptionTable.REVISION_RESERVE),
            b.get(OptionTable.SPACE_RESERVE_BYTES),
            b.get(OptionTable.KEY_BYTES_MAX),
            b.get(OptionTable.VALUE_BYTES_MAX),
            b.get(OptionTable.BATCH_BYTES_MAX));
    this.decisions =
        new Decisions(
            b.get(OptionTable.POLICY),
            b.get(OptionTable.SCHEDULER),
            b.get(OptionTable.LEARNER),
            b.get(OptionTable.UNIT_COSTS),
            b.get(OptionTable.BURDEN_THRESHOLD),
            b.get(OptionTable.HEAT_HALF_LIFE_OPS),
            b.get(OptionTable.STATIC_FALLBACK),
            b.get(OptionTable.DECISION_SEED));
  }

  /**
   * How writes become durable and leave memory; each component is described at the setter of its
   * name.
   */
  public record Write(
      Durability durability,
      Duration syncInterval,
      boolean flushOnClose,
      long memtableBytes,
      Duration memtableAge,
      int memtablesMax,
      long walSegmentBytes,
      Duration walCollectInterval) {}

  /**
   * The shape of the tree and of its tables; each component is described at the setter of its name.
   */
  public record Tree(
      boolean createIfMissing,
      int fanout,
      int levelCount,
      long slotBytes,
      int blockBytes,
      long partitionBytes,
      Compression compression,
      List<byte[]> splitKeys) {
    /** Keeps a list of its own. */
    public Tree {
      splitKeys = List.copyOf(splitKeys);
    }
  }

  /**
   * Filters and caches: what reads are served from; each component is described at the setter of
   * its name.
   */
  public record Read(
      double filterBitsPerKey,
      FilterAllocation filterAllocation,
      long filterBytesMax,
      int bloomLevels,
      long blockCacheBytes,
      long tableMemoryBytes,
      int readSamplePeriod) {}

  /**
   * What compactions may take and must hold; each component is described at the setter of its name.
   */
  public record Compaction(
      int compactionJobs,
      long compactionSliceBytes,
      long compactionBytesPerSecond,
      int runsCap,
      int runsPerReadMax,
      double spaceAmplificationMax,
      int tombstonePermille,
      Duration deleteDeadline) {
    /** The deadline in milliseconds; 0 if there is none. */
    public long deleteDeadlineMillis() {
      return deleteDeadline.equals(OFF) ? 0 : deleteDeadline.toMillis();
    }
  }

  /** What writers may not exceed; each component is described at the setter of its name. */
  public record Limits(
      int levelZeroSlow,
      int levelZeroMax,
      long retainedRevisions,
      long revisionReserve,
      long spaceReserveBytes,
      int keyBytesMax,
      int valueBytesMax,
      int batchBytesMax) {}

  /** What decisions are made with; each component is described at the setter of its name. */
  public record Decisions(
      String policy,
      String scheduler,
      String learner,
      String unitCosts,
      double burdenThreshold,
      long heatHalfLifeOps,
      boolean staticFallback,
      long decisionSeed) {}

  /** How filter bits are shared out among runs. */
  public enum FilterAllocation {
    /** The same bits for every entry. */
    UNIFORM,
    /** Where lookups ask in vain most often for each entry, most bits: fewest blocks read in vain. */
    BY_NEED
  }

  /** How data blocks are compressed; a block that hardly shrinks is stored as it is. */
  public enum Compression {
    /** Not at all: blocks are searched in place. */
    NONE,
    /** LZ4 block format: fast. */
    LZ4,
    /** DEFLATE: small. */
    DEFLATE
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The defaults. */
  public static Options defaults() {
    return builder().build();
  }

  /** The names that {@link Builder#set} knows, sorted. */
  public static List<String> names() {
    return OptionTable.ROWS.stream().map(OptionRow::name).sorted().toList();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder b = new Builder();
    System.arraycopy(values, 0, b.values, 0, values.length);
    b.splitKeys.addAll(tree.splitKeys());
    return b;
  }

  /** One line per option, {@code name = value}, in text that {@link Builder#set} reads. */
  public String describe() {
    StringJoiner lines = new StringJoiner("\n");
    for (OptionRow<?> row : OptionTable.ROWS) {
      lines.add(row.name() + " = " + row.textOf(values));
    }
    return lines.toString();
  }

  /** How writes become durable and leave memory. */
  public Write write() {
    return write;
  }

  /** The shape of the tree and of its tables. */
  public Tree tree() {
    return tree;
  }

  /** What reads are served from. */
  public Read read() {
    return read;
  }

  /** What compactions may take and must hold. */
  public Compaction compaction() {
    return compaction;
  }

  /** What writers may not exceed. */
  public Limits limits() {
    return limits;
  }

  /** What decisions are made with. */
  public Decisions decisions() {
    return decisions;
  }

  /** As {@link Builder#durability} says. */
  public Durability durability() {
    return write.durability();
  }

  /** As {@link Builder#syncInterval} says. */
  public Duration syncInterval() {
    return write.syncInterval();
  }

  /** As {@link Builder#flushOnClose} says. */
  public boolean flushOnClose() {
    return write.flushOnClose();
  }

  /** As {@link Builder#memtableBytes} says. */
  public long memtableBytes() {
    return write.memtableBytes();
  }

  /** As {@link Builder#memtableAge} says. */
  public Duration memtableAge() {
    return write.memtableAge();
  }

  /** As {@link Builder#memtablesMax} says. */
  public int memtablesMax() {
    return write.memtablesMax();
  }

  /** As {@link Builder#walSegmentBytes} says. */
  public long walSegmentBytes() {
    return write.walSegmentBytes();
  }

  /** As {@link Builder#walCollectInterval} says. */
  public Duration walCollectInterval() {
    return write.walCollectInterval();
  }

  /** As {@link Builder#createIfMissing} says. */
  public boolean createIfMissing() {
    return tree.createIfMissing();
  }

  /** As {@link Builder#fanout} says. */
  public int fanout() {
    return tree.fanout();
  }

  /** As {@link Builder#levelCount} says. */
  public int levelCount() {
    return tree.levelCount();
  }

  /** As {@link Builder#slotBytes} says; never 0. */
  public long slotBytes() {
    return tree.slotBytes() == 0 ? Math.max(4096, write.memtableBytes() / 4) : tree.slotBytes();
  }

  /** As {@link Builder#blockBytes} says. */
  public int blockBytes() {
    return tree.blockBytes();
  }

  /** As {@link Builder#partitionBytes} says. */
  public long partitionBytes() {
    return tree.partitionBytes();
  }

  /** As {@link Builder#compression} says. */
  public Compression compression() {
    return tree.compression();
  }

  /** As {@link Builder#filterBitsPerKey} says. */
  public double filterBitsPerKey() {
    return read.filterBitsPerKey();
  }

  /** As {@link Builder#filterAllocation} says. */
  public FilterAllocation filterAllocation() {
    return read.filterAllocation();
  }

  /** As {@link Builder#filterBytesMax} says. */
  public long filterBytesMax() {
    return read.filterBytesMax();
  }

  /** As {@link Builder#bloomLevels} says. */
  public int bloomLevels() {
    return read.bloomLevels();
  }

  /** As {@link Builder#blockCacheBytes} says. */
  public long blockCacheBytes() {
    return read.blockCacheBytes();
  }

  /** As {@link Builder#tableMemoryBytes} says. */
  public long tableMemoryBytes() {
    return read.tableMemoryBytes();
  }

  /** As {@link Builder#readSamplePeriod} says. */
  public int readSamplePeriod() {
    return read.readSamplePeriod();
  }

  /** As {@link Builder#compactionJobs} says. */
  public int compactionJobs() {
    return compaction.compactionJobs();
  }

  /** As {@link Builder#compactionSliceBytes} says. */
  public long compactionSliceBytes() {
    return compaction.compactionSliceBytes();
  }

  /** As {@link Builder#compactionBytesPerSecond} says. */
  public long compactionBytesPerSecond() {
    return compaction.compactionBytesPerSecond();
  }

  /** As {@link Builder#runsCap} says. */
  public int runsCap() {
    return compaction.runsCap();
  }

  /** As {@link Builder#runsPerReadMax} says. */
  public int runsPerReadMax() {
    return compaction.runsPerReadMax();
  }

  /** As {@link Builder#spaceAmplificationMax} says. */
  public double spaceAmplificationMax() {
    return compaction.spaceAmplificationMax();
  }

  /** As {@link Builder#tombstonePermille} says. */
  public int tombstonePermille() {
    return compaction.tombstonePermille();
  }

  /** As {@link Builder#deleteDeadline} says. */
  public Duration deleteDeadline() {
    return compaction.deleteDeadline();
  }

  /** As {@link Builder#levelZeroSlow} says. */
  public int levelZeroSlow() {
    return limits.levelZeroSlow();
  }

  /** As {@link Builder#levelZeroMax} says. */
  public int levelZeroMax() {
    return limits.levelZeroMax();
  }

  /** As {@link Builder#retainedRevisions} says. */
  public long retainedRevisions() {
    return limits.retainedRevisions();
  }

  /** As {@link Builder#revisionReserve} says. */
  public long revisionReserve() {
    return limits.revisionReserve();
  }

  /** As {@link Builder#spaceReserveBytes} says. */
  public long spaceReserveBytes() {
    return limits.spaceReserveBytes();
  }

  /** As {@link Builder#keyBytesMax} says. */
  public int keyBytesMax() {
    return limits.keyBytesMax();
  }

  /** As {@link Builder#valueBytesMax} says. */
  public int valueBytesMax() {
    return limits.valueBytesMax();
  }

  /** As {@link Builder#batchBytesMax} says. */
  public int batchBytesMax() {
    return limits.batchBytesMax();
  }

  /** As {@link Builder#policy} says. */
  public String policy() {
    return decisions.policy();
  }

  /** As {@link Builder#scheduler} says. */
  public String scheduler() {
    return decisions.scheduler();
  }

  /** As {@link Builder#learner} says. */
  public String learner() {
    return decisions.learner();
  }

  /** As {@link Builder#unitCosts} says. */
  public String unitCosts() {
    return decisions.unitCosts();
  }

  /** As {@link Builder#burdenThreshold} says. */
  public double burdenThreshold() {
    return decisions.burdenThreshold();
  }

  /** As {@link Builder#heatHalfLifeOps} says. */
  public long heatHalfLifeOps() {
    return decisions.heatHalfLifeOps();
  }

  /** As {@link Builder#staticFallback} says. */
  public boolean staticFallback() {
    return decisions.staticFallback();
  }

  /** As {@link Builder#decisionSeed} says. */
  public long decisionSeed() {
    return decisions.decisionSeed();
  }

  /** Guards that a new store starts with; usually empty, since guards grow by themselves. */
  public List<byte[]> splitKeys() {
    return tree.splitKeys();
  }

  /** Collects settings; each setter refuses a value out of its range at once. Not thread-safe. */
  public static final class Builder {
    private final Object[] values = new Object[OptionTable.ROWS.size()];
    private final List<byte[]> splitKeys = new ArrayList<>();

    private Builder() {
      for (OptionRow<?> row : OptionTable.ROWS) {
        values[row.index()] = row.otherwise();
      }
    }

    /** When a write without a durability of its own returns; os, interval or sync. */
    public Builder durability(Durability value) {
      return put(OptionTable.DURABILITY, value);
    }

    /**
     * Longest time between a write and its sync under durability interval; off, or at least 1ms.
     */
    public Builder syncInterval(Duration value) {
      return put(OptionTable.SYNC_INTERVAL, value);
    }

    /**
     * Whether closing writes the memtables to tables, so that the next open replays nothing; true
     * or false.
     */
    public Builder flushOnClose(boolean value) {
      return put(OptionTable.FLUSH_ON_CLOSE, value);
    }

    /** Size at which a memtable is sealed and flushed; 16 KiB to 1 GiB. */
    public Builder memtableBytes(long value) {
      return put(OptionTable.MEMTABLE_BYTES, value);
    }

    /**
     * Age of the oldest write at which a memtable is sealed however small; off, or at least 1ms.
     */
    public Builder memtableAge(Duration value) {
      return put(OptionTable.MEMTABLE_AGE, value);
    }

    /** Memtables that may exist before writers wait, the active one included; 2 to 16. */
    public Builder memtablesMax(int value) {
      return put(OptionTable.MEMTABLES_MAX, value);
    }

    /** Size at which a log segment is closed; 4 KiB to 1 GiB. */
    public Builder walSegmentBytes(long value) {
      return put(OptionTable.WAL_SEGMENT_BYTES, value);
    }

    /**
     * Time between collections of log segments, besides those after each flush; off, or at least
     * 1ms.
     */
    public Builder walCollectInterval(Duration value) {
      return put(OptionTable.WAL_COLLECT_INTERVAL, value);
    }

    /** Whether opening an empty or absent directory makes a new store; true or false. */
    public Builder createIfMissing(boolean value) {
      return put(OptionTable.CREATE_IF_MISSING, value);
    }

    /** T, the ratio of neighbouring levels' sizes; 2 to 100. */
    public Builder fanout(int value) {
      return put(OptionTable.FANOUT, value);
    }

    /** Levels below level 0, fixed when the store is created; 1 to 16. */
    public Builder levelCount(int value) {
      return put(OptionTable.LEVEL_COUNT, value);
    }

    /**
     * Data bytes a slot should hold, by itself a quarter of memtableBytes; auto (0), or 4 KiB to 1
     * GiB.
     */
    public Builder slotBytes(long value) {
      return put(OptionTable.SLOT_BYTES, value);
    }

    /**
     * Target size of a data block before compression; with 1, each block holds one entry; 1 byte to
     * 1 MiB.
     */
    public Builder blockBytes(int value) {
      return put(OptionTable.BLOCK_BYTES, value);
    }

    /** Data bytes after which a filter and index partition is ended; 1 KiB to 64 MiB. */
    public Builder partitionBytes(long value) {
      return put(OptionTable.PARTITION_BYTES, value);
    }

    /** How data blocks are compressed; none, lz4 or deflate. */
    public Builder compression(Compression value) {
      return put(OptionTable.COMPRESSION, value);
    }

    /**
     * Filter bits for each entry, on average over the tree; where not all tables fit the memory for
     * them, runs may get more: what the bits would be worth there as a cache; off (0), or up to 32.
     */
    public Builder filterBitsPerKey(double value) {
      return put(OptionTable.FILTER_BITS_PER_KEY, value + 0.0);
    }

    /** How filter bits are shared out among runs; uniform or by_need. */
    public Builder filterAllocation(FilterAllocation value) {
      return put(OptionTable.FILTER_ALLOCATION, value);
    }

    /** Bound on the bytes of all filters under filterAllocation by_need; 0 bytes to 1 PiB. */
    public Builder filterBytesMax(long value) {
      return put(OptionTable.FILTER_BYTES_MAX, value);
    }

    /**
     * Levels, counted from 0, whose tables get blocked Bloom filters, the fast kind; those below
     * get ribbon filters, the small kind; 0 to 17.
     */
    public Builder bloomLevels(int value) {
      return put(OptionTable.BLOOM_LEVELS, value);
    }

    /**
     * Bound on the cache of decompressed blocks; uncompressed blocks are read in place and need
     * none; off (0), or 1 byte to 1 TiB.
     */
    public Builder blockCacheBytes(long value) {
      return put(OptionTable.BLOCK_CACHE_BYTES, value);
    }

    /**
     * Memory outside the heap for the tables, by itself what the container or the machine can give;
     * while the tables fit they are mapped, beyond that their blocks are read one by one into a
     * cache of this size; auto (0), or 1 byte to 1 PiB.
     */
    public Builder tableMemoryBytes(long value) {
      return put(OptionTable.TABLE_MEMORY_BYTES, value);
    }

    /** One read in this many is measured for burdens and heat; a power of two, 1 to 65,536. */
    public Builder readSamplePeriod(int value) {
      return put(OptionTable.READ_SAMPLE_PERIOD, value);
    }

    /** Compactions that may run at once; 1 to 64. */
    public Builder compactionJobs(int value) {
      return put(OptionTable.COMPACTION_JOBS, value);
    }

    /** Bytes a compaction reads before it lets more urgent work go first; 1 KiB to 1 GiB. */
    public Builder compactionSliceBytes(long value) {
      return put(OptionTable.COMPACTION_SLICE_BYTES, value);
    }

    /** Bound on bytes read and written by compactions per second; off (0), or 1 byte to 1 PiB. */
    public Builder compactionBytesPerSecond(long value) {
      return put(OptionTable.COMPACTION_BYTES_PER_SECOND, value);
    }

    /** Most runs a slot may hold whatever the policy; 2 to 64. */
    public Builder runsCap(int value) {
      return put(OptionTable.RUNS_CAP, value);
    }

    /**
     * Most runs a read may meet on its way down, level 0 included; a way that has one run in each
     * slot is left as it is, however many levels there are; off (0), or 2 to 1,000,000.
     */
    public Builder runsPerReadMax(int value) {
      return put(OptionTable.RUNS_PER_READ_MAX, value);
    }

    /** Bound on stored ÷ live data bytes that policies hold; 1.05 to 10. */
    public Builder spaceAmplificationMax(double value) {
      return put(OptionTable.SPACE_AMPLIFICATION_MAX, value + 0.0);
    }

    /**
     * Share of deletions in what a purge would move, in thousandths, from which it is considered; 1
     * to 1,000.
     */
    public Builder tombstonePermille(int value) {
      return put(OptionTable.TOMBSTONE_PERMILLE, value);
    }

    /**
     * How long a deletion may wait, from its flush, until what it deleted is gone from the tables;
     * what snapshots and the retained revisions can still see stays; off, or 1ms to 365000d.
     */
    public Builder deleteDeadline(Duration value) {
      return put(OptionTable.DELETE_DEADLINE, value);
    }

    /** Runs in level 0 from which writers are slowed, at most levelZeroMax; 1 to 1,000. */
    public Builder levelZeroSlow(int value) {
      return put(OptionTable.LEVEL_ZERO_SLOW, value);
    }

    /**
     * Runs in level 0 from which writers wait for fewer, then fail after a minute without any
     * change; 1 to 1,000.
     */
    public Builder levelZeroMax(int value) {
      return put(OptionTable.LEVEL_ZERO_MAX, value);
    }

    /**
     * How many past revisions stay readable without a snapshot; counted are revisions that writes
     * have, across closing and unclean stops: numbers that an unclean stop left out do not count;
     * off (0), or 1 to 2^62.
     */
    public Builder retainedRevisions(long value) {
      return put(OptionTable.RETAINED_REVISIONS, value);
    }

    /**
     * Revisions reserved in the manifest at a time; after an unclean stop numbering goes on above
     * the reserve; 1 to 2^40.
     */
    public Builder revisionReserve(long value) {
      return put(OptionTable.REVISION_RESERVE, value);
    }

    /**
     * Disk space that puts may not use up, so that deletions and purges still can; off (0), or 1
     * byte to 1 PiB.
     */
    public Builder spaceReserveBytes(long value) {
      return put(OptionTable.SPACE_RESERVE_BYTES, value);
    }

    /** Longest key accepted; 1 byte to 1 MiB. */
    public Builder keyBytesMax(int value) {
      return put(OptionTable.KEY_BYTES_MAX, value);
    }

    /** Longest value accepted; 1 byte to 1 GiB. */
    public Builder valueBytesMax(int value) {
      return put(OptionTable.VALUE_BYTES_MAX, value);
    }

    /** Largest encoded batch accepted; 64 bytes to 1 GiB. */
    public Builder batchBytesMax(int value) {
      return put(OptionTable.BATCH_BYTES_MAX, value);
    }

    /** Name of the compaction policy, with its parameters; a name that Policies knows. */
    public Builder policy(String value) {
      return put(OptionTable.POLICY, value);
    }

    /**
     * Name of the picker that chooses which slot's candidate goes first; a name that Pickers knows.
     */
    public Builder scheduler(String value) {
      return put(OptionTable.SCHEDULER, value);
    }

    /**
     * Name of the learner that tunes theta around burdenThreshold, or off; a name that Learners
     * knows.
     */
    public Builder learner(String value) {
      return put(OptionTable.LEARNER, value);
    }

    /**
     * Prices that decisions are made with, in nanoseconds: a filter probe, a block searched, a run
     * positioned, a byte read and a byte written by a merge; those of blocks and seeks are for
     * memory, what reads wait for a device is measured and added; five numbers from 0 to 1e9 with
     * slashes between, the last two not both 0.
     */
    public Builder unitCosts(String value) {
      return put(OptionTable.UNIT_COSTS, value);
    }

    /** Theta: burden ÷ cost from which the atll policy merges; 0.01 to 100. */
    public Builder burdenThreshold(double value) {
      return put(OptionTable.BURDEN_THRESHOLD, value + 0.0);
    }

    /** Operations after which a slot's heat has halved; 1 to 2^40. */
    public Builder heatHalfLifeOps(long value) {
      return put(OptionTable.HEAT_HALF_LIFE_OPS, value);
    }

    /**
     * Whether the atll policy gives all slots of a level the same number of runs while the
     * predicted gain of treating them apart is below 2 %; true or false.
     */
    public Builder staticFallback(boolean value) {
      return put(OptionTable.STATIC_FALLBACK, value);
    }

    /** Seed of all chance in decisions: the same seed and history repeat them; any whole number. */
    public Builder decisionSeed(long value) {
      return put(OptionTable.DECISION_SEED, value);
    }

    /** Adds a guard that a new store starts with; must not be empty. */
    public Builder splitKey(byte[] key) {
      Objects.requireNonNull(key, "splitKey");
      if (key.length == 0) {
        throw new InvalidInputException("option splitKey must not be the empty key");
      }
      splitKeys.add(key.clone());
      return this;
    }

    /**
     * Sets an option by its name from text. Whole numbers take the suffixes k, m, g (1024 each), as in
     * {@code 32m}; durations are written like {@code 200ms}, {@code 30s}, {@code 5m}, {@code 2h},
     * {@code 1d} or in ISO form; {@code off} and {@code auto} stand where the range says so.
     *
     * @throws InvalidInputException if there is no such option, or the text is no value in its range
     */
    public Builder set(String name, String value) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
      return read(OptionTable.named(name), value);
    }

    /**
     * The options.
     *
     * @throws InvalidInputException if a value is out of its range, settings contradict each other, or
     *     there is no policy, picker, learner or list of prices of the given name
     */
    public Options build() {
      OptionTable.check(this);
      return new Options(this);
    }

    private <T extends Comparable<? super T>> Builder read(OptionRow<T> row, String text) {
      return put(row, row.read(text));
    }

    private <T extends Comparable<? super T>> Builder put(OptionRow<T> row, T value) {
      values[row.index()] = row.check(value);
      return this;
    }

    <T extends Comparable<? super T>> T get(OptionRow<T> row) {
      return row.of(values);
    }
  }
}
