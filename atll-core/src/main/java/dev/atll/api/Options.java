package dev.atll.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Locale;

/**
 * Everything that can be set about a store. Immutable; made by {@link #builder()}, whose setters
 * refuse values outside the documented ranges.
 */
public final class Options {
  private final Durability durability;
  private final Duration syncInterval;
  private final boolean createIfMissing;
  private final boolean flushOnClose;
  private final long memtableBytes;
  private final Duration memtableAge;
  private final int memtablesMax;
  private final long walSegmentBytes;
  private final Duration walCollectInterval;
  private final String policy;
  private final int fanout;
  private final int levelCount;
  private final long slotBytes;
  private final int runsCap;
  private final int runsPerReadMax;
  private final double spaceAmplificationMax;
  private final int tombstonePermille;
  private final Duration deleteDeadline;
  private final int levelZeroSlow;
  private final int levelZeroMax;
  private final int blockBytes;
  private final long partitionBytes;
  private final double filterBitsPerKey;
  private final FilterAllocation filterAllocation;
  private final long filterBytesMax;
  private final int bloomLevels;
  private final Compression compression;
  private final long blockCacheBytes;
  private final long tableMemoryBytes;
  private final int compactionJobs;
  private final long compactionSliceBytes;
  private final long compactionBytesPerSecond;
  private final long retainedRevisions;
  private final long revisionReserve;
  private final long spaceReserveBytes;
  private final int keyBytesMax;
  private final int valueBytesMax;
  private final int batchBytesMax;
  private final long heatHalfLifeOps;
  private final int readSamplePeriod;
  private final double burdenThreshold;
  private final String unitCosts;
  private final boolean staticFallback;
  private final String scheduler;
  private final String learner;
  private final long decisionSeed;
  private final List<byte[]> splitKeys;

  private Options(Builder b) {
    this.durability = b.durability;
    this.syncInterval = b.syncInterval;
    this.createIfMissing = b.createIfMissing;
    this.flushOnClose = b.flushOnClose;
    this.memtableBytes = b.memtableBytes;
    this.memtableAge = b.memtableAge;
    this.memtablesMax = b.memtablesMax;
    this.walSegmentBytes = b.walSegmentBytes;
    this.walCollectInterval = b.walCollectInterval;
    this.policy = b.policy;
    this.fanout = b.fanout;
    this.levelCount = b.levelCount;
    this.slotBytes = b.slotBytes;
    this.runsCap = b.runsCap;
    this.runsPerReadMax = b.runsPerReadMax;
    this.spaceAmplificationMax = b.spaceAmplificationMax;
    this.tombstonePermille = b.tombstonePermille;
    this.deleteDeadline = b.deleteDeadline;
    this.levelZeroSlow = b.levelZeroSlow;
    this.levelZeroMax = b.levelZeroMax;
    this.blockBytes = b.blockBytes;
    this.partitionBytes = b.partitionBytes;
    this.filterBitsPerKey = b.filterBitsPerKey;
    this.filterAllocation = b.filterAllocation;
    this.filterBytesMax = b.filterBytesMax;
    this.bloomLevels = b.bloomLevels;
    this.compression = b.compression;
    this.blockCacheBytes = b.blockCacheBytes;
    this.tableMemoryBytes = b.tableMemoryBytes;
    this.compactionJobs = b.compactionJobs;
    this.compactionSliceBytes = b.compactionSliceBytes;
    this.compactionBytesPerSecond = b.compactionBytesPerSecond;
    this.retainedRevisions = b.retainedRevisions;
    this.revisionReserve = b.revisionReserve;
    this.spaceReserveBytes = b.spaceReserveBytes;
    this.keyBytesMax = b.keyBytesMax;
    this.valueBytesMax = b.valueBytesMax;
    this.batchBytesMax = b.batchBytesMax;
    this.heatHalfLifeOps = b.heatHalfLifeOps;
    this.readSamplePeriod = b.readSamplePeriod;
    this.burdenThreshold = b.burdenThreshold;
    this.unitCosts = b.unitCosts;
    this.staticFallback = b.staticFallback;
    this.scheduler = b.scheduler;
    this.learner = b.learner;
    this.decisionSeed = b.decisionSeed;
    this.splitKeys = List.copyOf(b.splitKeys);
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The defaults. */
  public static Options defaults() {
    return builder().build();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.durability = durability;
    b.syncInterval = syncInterval;
    b.createIfMissing = createIfMissing;
    b.flushOnClose = flushOnClose;
    b.memtableBytes = memtableBytes;
    b.memtableAge = memtableAge;
    b.memtablesMax = memtablesMax;
    b.walSegmentBytes = walSegmentBytes;
    b.walCollectInterval = walCollectInterval;
    b.policy = policy;
    b.fanout = fanout;
    b.levelCount = levelCount;
    b.slotBytes = slotBytes;
    b.runsCap = runsCap;
    b.runsPerReadMax = runsPerReadMax;
    b.spaceAmplificationMax = spaceAmplificationMax;
    b.tombstonePermille = tombstonePermille;
    b.deleteDeadline = deleteDeadline;
    b.levelZeroSlow = levelZeroSlow;
    b.levelZeroMax = levelZeroMax;
    b.blockBytes = blockBytes;
    b.partitionBytes = partitionBytes;
    b.filterBitsPerKey = filterBitsPerKey;
    b.filterAllocation = filterAllocation;
    b.filterBytesMax = filterBytesMax;
    b.bloomLevels = bloomLevels;
    b.compression = compression;
    b.blockCacheBytes = blockCacheBytes;
    b.tableMemoryBytes = tableMemoryBytes;
    b.compactionJobs = compactionJobs;
    b.compactionSliceBytes = compactionSliceBytes;
    b.compactionBytesPerSecond = compactionBytesPerSecond;
    b.retainedRevisions = retainedRevisions;
    b.revisionReserve = revisionReserve;
    b.spaceReserveBytes = spaceReserveBytes;
    b.keyBytesMax = keyBytesMax;
    b.valueBytesMax = valueBytesMax;
    b.batchBytesMax = batchBytesMax;
    b.heatHalfLifeOps = heatHalfLifeOps;
    b.readSamplePeriod = readSamplePeriod;
    b.burdenThreshold = burdenThreshold;
    b.unitCosts = unitCosts;
    b.staticFallback = staticFallback;
    b.scheduler = scheduler;
    b.learner = learner;
    b.decisionSeed = decisionSeed;
    b.splitKeys.addAll(splitKeys);
    return b;
  }

  /** When a write without a durability of its own returns. */
  public Durability durability() {
    return durability;
  }

  /** Longest time between a write and its sync under {@link Durability#INTERVAL}; at least 1 ms. */
  public Duration syncInterval() {
    return syncInterval;
  }

  /** Whether opening an empty or absent directory makes a new store. */
  public boolean createIfMissing() {
    return createIfMissing;
  }

  /** Whether closing writes the memtables to tables, so that the next open replays nothing. */
  public boolean flushOnClose() {
    return flushOnClose;
  }

  /** Size at which a memtable is sealed and flushed, in bytes; 16 KiB to 1 GiB. Default: 64 MiB, less with a heap below 1 GiB (a sixteenth of it). */
  public long memtableBytes() {
    return memtableBytes;
  }

  /** Age of the oldest write at which a memtable is sealed however small; at least 1 ms. */
  public Duration memtableAge() {
    return memtableAge;
  }

  /** Memtables that may exist before writers wait, the active one included; 2 to 16. */
  public int memtablesMax() {
    return memtablesMax;
  }

  /** Size at which a log segment is closed, in bytes; 4 KiB to 1 GiB. */
  public long walSegmentBytes() {
    return walSegmentBytes;
  }

  /** Time between collections of log segments, besides those after each flush; at least 1 ms. */
  public Duration walCollectInterval() {
    return walCollectInterval;
  }

  /** Name of the compaction policy. */
  public String policy() {
    return policy;
  }

  /** T, the ratio of neighbouring levels' sizes; 2 to 100. */
  public int fanout() {
    return fanout;
  }

  /** Levels below level 0; 1 to 16. Fixed when the store is created. */
  public int levelCount() {
    return levelCount;
  }

  /** Data bytes a slot should hold; 4 KiB to 1 GiB, or 0 for a quarter of the memtable size. */
  public long slotBytes() {
    return slotBytes == 0 ? Math.max(4096, memtableBytes / 4) : slotBytes;
  }

  /** Most runs a slot may hold whatever the policy; 2 to 64. */
  public int runsCap() {
    return runsCap;
  }

  /** Most runs a read may meet on its way down, level 0 included; at least 2, 1,000,000 for no bound. */
  public int runsPerReadMax() {
    return runsPerReadMax;
  }

  /** Bound on stored ÷ live data bytes that policies hold; 1.05 to 10. */
  public double spaceAmplificationMax() {
    return spaceAmplificationMax;
  }

  /** Share of deletions in what a purge would move, in thousandths, from which it is considered; 1 to 1000. */
  public int tombstonePermille() {
    return tombstonePermille;
  }

  /**
   * How long a deletion may wait, from its flush, until what it deleted is gone from the tables; at
   * least 1 ms. The default, a thousand years, is no deadline.
   */
  public Duration deleteDeadline() {
    return deleteDeadline;
  }

  /** Runs in level 0 from which writers are slowed; 1 to 1000, at most levelZeroMax. */
  public int levelZeroSlow() {
    return levelZeroSlow;
  }

  /** Runs in level 0 from which writers wait for fewer, then fail after a minute without any change; at least 1. */
  public int levelZeroMax() {
    return levelZeroMax;
  }

  /** Target size of a data block before compression; 1 to 1 MiB. With 1, each block holds one entry. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Data bytes after which a filter and index partition is ended; 1 KiB to 64 MiB. */
  public long partitionBytes() {
    return partitionBytes;
  }

  /**
   * Filter bits for each entry, on average over the tree; 0 for none, at most 32. Where not all tables
   * fit the memory for them, runs may get more: what the bits would be worth there as a cache.
   */
  public double filterBitsPerKey() {
    return filterBitsPerKey;
  }

  /** How filter bits are shared out among runs. */
  public FilterAllocation filterAllocation() {
    return filterAllocation;
  }

  /** Bound on the bytes of all filters under {@link FilterAllocation#BY_NEED}; 0 to 2^50. */
  public long filterBytesMax() {
    return filterBytesMax;
  }

  /** Levels, counted from 0, whose tables get blocked Bloom filters, the fast kind; those below get ribbon filters, the small kind; 0 to 17. */
  public int bloomLevels() {
    return bloomLevels;
  }

  /** How data blocks are compressed. */
  public Compression compression() {
    return compression;
  }

  /** Bound on the cache of decompressed blocks, in bytes; 0 for none, at most 2^40. Uncompressed blocks are read in place and need none. */
  public long blockCacheBytes() {
    return blockCacheBytes;
  }

  /**
   * Memory outside the heap for the tables, in bytes, at most 2^50; 0 for what the container or the
   * machine can give. While the tables fit they are mapped; beyond that their blocks are read one by
   * one into a cache of this size.
   */
  public long tableMemoryBytes() {
    return tableMemoryBytes;
  }

  /** Compactions that may run at once; 1 to 64. */
  public int compactionJobs() {
    return compactionJobs;
  }

  /** Bytes a compaction reads before it lets more urgent work go first; 1 KiB to 1 GiB. */
  public long compactionSliceBytes() {
    return compactionSliceBytes;
  }

  /** Bound on bytes read and written by compactions a second; 0 for no bound, at most 2^50. */
  public long compactionBytesPerSecond() {
    return compactionBytesPerSecond;
  }

  /** How many past revisions stay readable without a snapshot; 0 keeps only the newest. */
  public long retainedRevisions() {
    return retainedRevisions;
  }

  /** Revisions reserved in the manifest at a time; after an unclean stop numbering goes on above the reserve; 1 to 2^40. */
  public long revisionReserve() {
    return revisionReserve;
  }

  /** Disk space that puts may not use up, so that deletions and purges still can; 0 for none, at most 2^50. */
  public long spaceReserveBytes() {
    return spaceReserveBytes;
  }

  /** Longest key accepted, in bytes; 1 to 1 MiB. */
  public int keyBytesMax() {
    return keyBytesMax;
  }

  /** Longest value accepted, in bytes; 1 to 1 GiB. */
  public int valueBytesMax() {
    return valueBytesMax;
  }

  /** Largest encoded batch accepted, in bytes; 64 to 1 GiB. */
  public int batchBytesMax() {
    return batchBytesMax;
  }

  /** Operations after which a slot's heat has halved; 1 to 2^40. */
  public long heatHalfLifeOps() {
    return heatHalfLifeOps;
  }

  /** One read in this many is measured for burdens and heat; a power of two, 1 to 65536. */
  public int readSamplePeriod() {
    return readSamplePeriod;
  }

  /** Theta: burden ÷ cost from which the atll policy merges; 0.01 to 100. */
  public double burdenThreshold() {
    return burdenThreshold;
  }

  /**
   * Prices that decisions are made with, in nanoseconds: probe/block/seek/byte read/byte written. Those of
   * blocks and seeks are for memory; what reads wait for a device is measured, and added.
   */
  public String unitCosts() {
    return unitCosts;
  }

  /**
   * Whether the atll policy gives all slots of a level the same number of runs while the predicted
   * gain of treating them apart is below 2 %.
   */
  public boolean staticFallback() {
    return staticFallback;
  }

  /** Name of the picker that chooses which slot's candidate goes first; see {@code Pickers}. */
  public String scheduler() {
    return scheduler;
  }

  /** Name of the learner that tunes theta around {@link #burdenThreshold}, or "off". */
  public String learner() {
    return learner;
  }

  /** Seed of all chance in decisions: the same seed and history repeat them. */
  public long decisionSeed() {
    return decisionSeed;
  }

  /** Guards that a new store starts with; usually empty, since guards grow by themselves. */
  public List<byte[]> splitKeys() {
    return splitKeys;
  }

  /** One line a setting, for printing at open. */
  public String describe() {
    return String.join(
        "\n",
        "durability = " + durability,
        "syncInterval = " + syncInterval,
        "createIfMissing = " + createIfMissing,
        "flushOnClose = " + flushOnClose,
        "memtableBytes = " + memtableBytes,
        "memtableAge = " + memtableAge,
        "memtablesMax = " + memtablesMax,
        "walSegmentBytes = " + walSegmentBytes,
        "walCollectInterval = " + walCollectInterval,
        "policy = " + policy,
        "fanout = " + fanout,
        "levelCount = " + levelCount,
        "slotBytes = " + slotBytes(),
        "runsCap = " + runsCap,
        "runsPerReadMax = " + runsPerReadMax,
        "spaceAmplificationMax = " + spaceAmplificationMax,
        "tombstonePermille = " + tombstonePermille,
        "deleteDeadline = " + deleteDeadline,
        "levelZeroSlow = " + levelZeroSlow,
        "levelZeroMax = " + levelZeroMax,
        "blockBytes = " + blockBytes,
        "partitionBytes = " + partitionBytes,
        "filterBitsPerKey = " + filterBitsPerKey,
        "filterAllocation = " + filterAllocation,
        "filterBytesMax = " + filterBytesMax,
        "bloomLevels = " + bloomLevels,
        "compression = " + compression,
        "blockCacheBytes = " + blockCacheBytes,
        "tableMemoryBytes = " + tableMemoryBytes,
        "compactionJobs = " + compactionJobs,
        "compactionSliceBytes = " + compactionSliceBytes,
        "compactionBytesPerSecond = " + compactionBytesPerSecond,
        "retainedRevisions = " + retainedRevisions,
        "revisionReserve = " + revisionReserve,
        "spaceReserveBytes = " + spaceReserveBytes,
        "keyBytesMax = " + keyBytesMax,
        "valueBytesMax = " + valueBytesMax,
        "batchBytesMax = " + batchBytesMax,
        "heatHalfLifeOps = " + heatHalfLifeOps,
        "readSamplePeriod = " + readSamplePeriod,
        "burdenThreshold = " + burdenThreshold,
        "unitCosts = " + unitCosts,
        "staticFallback = " + staticFallback,
        "scheduler = " + scheduler,
        "learner = " + learner,
        "decisionSeed = " + decisionSeed);
  }

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

  /** Collects settings; each setter checks its range at once. */
  public static final class Builder {
    private Durability durability = Durability.SYNC;
    private Duration syncInterval = Duration.ofSeconds(1);
    private boolean createIfMissing = true;
    private boolean flushOnClose = true;
    private long memtableBytes = Math.min(64L << 20, Math.max(1L << 20, Runtime.getRuntime().maxMemory() / 16));
    private Duration memtableAge = Duration.ofSeconds(30);
    private int memtablesMax = 4;
    private long walSegmentBytes = 128L << 20;
    private Duration walCollectInterval = Duration.ofSeconds(60);
    private String policy = "atll";
    private int fanout = 10;
    private int levelCount = 7;
    private long slotBytes = 0;
    private int runsCap = 64;
    private int runsPerReadMax = 1_000_000;
    private double spaceAmplificationMax = 1.25;
    private int tombstonePermille = 150;
    private Duration deleteDeadline = Duration.ofDays(365_000);
    private int levelZeroSlow = 6;
    private int levelZeroMax = 12;
    private int blockBytes = 4096;
    private long partitionBytes = 4L << 20;
    private double filterBitsPerKey = 10;
    private FilterAllocation filterAllocation = FilterAllocation.BY_NEED;
    private long filterBytesMax = 256L << 20;
    private int bloomLevels = 2;
    private Compression compression = Compression.NONE;
    private long blockCacheBytes = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);
    private long tableMemoryBytes = 0;
    private int compactionJobs = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() - 1));
    private long compactionSliceBytes = 1L << 20;
    private long compactionBytesPerSecond = 0;
    private long retainedRevisions = 0;
    private long revisionReserve = 1L << 20;
    private long spaceReserveBytes = 16L << 20;
    private int keyBytesMax = 64 << 10;
    private int valueBytesMax = 16 << 20;
    private int batchBytesMax = 64 << 20;
    private long heatHalfLifeOps = 40_000;
    private int readSamplePeriod = 64;
    private double burdenThreshold = 1.0;
    private String unitCosts = "100/600/1500/1/3";
    private boolean staticFallback = false;
    private String scheduler = "index";
    private String learner = "off";
    private long decisionSeed = 1;
    private final List<byte[]> splitKeys = new ArrayList<>();

    private Builder() {}

    /** When a write without a durability of its own returns. */
    public Builder durability(Durability value) {
      Objects.requireNonNull(value, "durability");
      this.durability = value;
      return this;
    }

    /** Longest time between a write and its sync under {@link Durability#INTERVAL}; at least 1 ms; more than 73 years is never. */
    public Builder syncInterval(Duration value) {
      Objects.requireNonNull(value, "syncInterval");
      if (value.compareTo(Duration.ofMillis(1)) < 0) {
        throw invalid("syncInterval", value, "at least 1 ms");
      }
      this.syncInterval = value;
      return this;
    }

    /** Whether opening an empty or absent directory makes a new store. */
    public Builder createIfMissing(boolean value) {
      this.createIfMissing = value;
      return this;
    }

    /** Whether closing writes the memtables to tables, so that the next open replays nothing. */
    public Builder flushOnClose(boolean value) {
      this.flushOnClose = value;
      return this;
    }

    /** Size at which a memtable is sealed and flushed, in bytes; 16 KiB to 1 GiB. Default: 64 MiB, less with a heap below 1 GiB (a sixteenth of it). */
    public Builder memtableBytes(long value) {
      if (!(value >= 16384L && value <= 1073741824L)) {
        throw invalid("memtableBytes", value, "16384 to 1073741824");
      }
      this.memtableBytes = value;
      return this;
    }

    /** Age of the oldest write at which a memtable is sealed however small; at least 1 ms; more than 73 years is never. */
    public Builder memtableAge(Duration value) {
      Objects.requireNonNull(value, "memtableAge");
      if (value.compareTo(Duration.ofMillis(1)) < 0) {
        throw invalid("memtableAge", value, "at least 1 ms");
      }
      this.memtableAge = value;
      return this;
    }

    /** Memtables that may exist before writers wait, the active one included; 2 to 16. */
    public Builder memtablesMax(int value) {
      if (!(value >= 2 && value <= 16)) {
        throw invalid("memtablesMax", value, "2 to 16");
      }
      this.memtablesMax = value;
      return this;
    }

    /** Size at which a log segment is closed, in bytes; 4 KiB to 1 GiB. */
    public Builder walSegmentBytes(long value) {
      if (!(value >= 4096L && value <= 1073741824L)) {
        throw invalid("walSegmentBytes", value, "4096 to 1073741824");
      }
      this.walSegmentBytes = value;
      return this;
    }

    /** Time between collections of log segments, besides those after each flush; at least 1 ms; more than 73 years is never. */
    public Builder walCollectInterval(Duration value) {
      Objects.requireNonNull(value, "walCollectInterval");
      if (value.compareTo(Duration.ofMillis(1)) < 0) {
        throw invalid("walCollectInterval", value, "at least 1 ms");
      }
      this.walCollectInterval = value;
      return this;
    }

    /** Name of the compaction policy. */
    public Builder policy(String value) {
      Objects.requireNonNull(value, "policy");
      this.policy = value;
      return this;
    }

    /** T, the ratio of neighbouring levels' sizes; 2 to 100. */
    public Builder fanout(int value) {
      if (!(value >= 2 && value <= 100)) {
        throw invalid("fanout", value, "2 to 100");
      }
      this.fanout = value;
      return this;
    }

    /** Levels below level 0; 1 to 16. Fixed when the store is created. */
    public Builder levelCount(int value) {
      if (!(value >= 1 && value <= 16)) {
        throw invalid("levelCount", value, "1 to 16");
      }
      this.levelCount = value;
      return this;
    }

    /** Data bytes a slot should hold; 4 KiB to 1 GiB, or 0 for a quarter of the memtable size. */
    public Builder slotBytes(long value) {
      if (!(value == 0 || (value >= 4096L && value <= 1073741824L))) {
        throw invalid("slotBytes", value, "0, or 4096 to 1073741824");
      }
      this.slotBytes = value;
      return this;
    }

    /** Most runs a slot may hold whatever the policy; 2 to 64. */
    public Builder runsCap(int value) {
      if (!(value >= 2 && value <= 64)) {
        throw invalid("runsCap", value, "2 to 64");
      }
      this.runsCap = value;
      return this;
    }

    /**
     * Most runs a read may meet on its way down, level 0 included; 2 to 1,000,000, which is no bound. A
     * way that has one run in each slot is left as it is, however many levels there are.
     */
    public Builder runsPerReadMax(int value) {
      if (!(value >= 2 && value <= 1_000_000)) {
        throw invalid("runsPerReadMax", value, "2 to 1,000,000");
      }
      this.runsPerReadMax = value;
      return this;
    }

    /** Bound on stored ÷ live data bytes that policies hold; 1.05 to 10. */
    public Builder spaceAmplificationMax(double value) {
      if (!(value >= 1.05 && value <= 10.0)) {
        throw invalid("spaceAmplificationMax", value, "1.05 to 10");
      }
      this.spaceAmplificationMax = value;
      return this;
    }

    /** Share of deletions in what a purge would move, in thousandths, from which it is considered; 1 to 1000. */
    public Builder tombstonePermille(int value) {
      if (!(value >= 1 && value <= 1000)) {
        throw invalid("tombstonePermille", value, "1 to 1000");
      }
      this.tombstonePermille = value;
      return this;
    }

    /**
     * How long a deletion may wait, from its flush, until what it deleted is gone from the tables;
     * 1 ms to 365,000 days. Snapshots and the retained revisions come first: what they can still see
     * stays.
     */
    public Builder deleteDeadline(Duration value) {
      Objects.requireNonNull(value, "deleteDeadline");
      if (value.compareTo(Duration.ofMillis(1)) < 0 || value.toDays() > 365_000) {
        throw invalid("deleteDeadline", value, "1 ms to 365,000 days");
      }
      this.deleteDeadline = value;
      return this;
    }

    /** Runs in level 0 from which writers are slowed; 1 to 1000, at most levelZeroMax. */
    public Builder levelZeroSlow(int value) {
      if (!(value >= 1 && value <= 1000)) {
        throw invalid("levelZeroSlow", value, "1 to 1000");
      }
      this.levelZeroSlow = value;
      return this;
    }

    /** Runs in level 0 from which writers wait for fewer, then fail after a minute without any change; at least 1. */
    public Builder levelZeroMax(int value) {
      if (!(value >= 1 && value <= 1000)) {
        throw invalid("levelZeroMax", value, "1 to 1000");
      }
      this.levelZeroMax = value;
      return this;
    }

    /** Target size of a data block before compression; 1 to 1 MiB. With 1, each block holds one entry. */
    public Builder blockBytes(int value) {
      if (!(value >= 1 && value <= 1048576)) {
        throw invalid("blockBytes", value, "1 to 1048576");
      }
      this.blockBytes = value;
      return this;
    }

    /** Data bytes after which a filter and index partition is ended; 1 KiB to 64 MiB. */
    public Builder partitionBytes(long value) {
      if (!(value >= 1024L && value <= 67108864L)) {
        throw invalid("partitionBytes", value, "1024 to 67108864");
      }
      this.partitionBytes = value;
      return this;
    }

    /** Filter bits for each entry, on average over the tree; 0 for none, at most 32. */
    public Builder filterBitsPerKey(double value) {
      if (!(value >= 0.0 && value <= 32.0)) {
        throw invalid("filterBitsPerKey", value, "0 to 32");
      }
      this.filterBitsPerKey = value;
      return this;
    }

    /** How filter bits are shared out among runs. */
    public Builder filterAllocation(FilterAllocation value) {
      Objects.requireNonNull(value, "filterAllocation");
      this.filterAllocation = value;
      return this;
    }

    /** Bound on the bytes of all filters under {@link FilterAllocation#BY_NEED}; 0 to 2^50. */
    public Builder filterBytesMax(long value) {
      if (!(value >= 0L && value <= 1125899906842624L)) {
        throw invalid("filterBytesMax", value, "0 to 1125899906842624");
      }
      this.filterBytesMax = value;
      return this;
    }

    /** Levels, counted from 0, whose tables get blocked Bloom filters, the fast kind; those below get ribbon filters, the small kind; 0 to 17. */
    public Builder bloomLevels(int value) {
      if (!(value >= 0 && value <= 17)) {
        throw invalid("bloomLevels", value, "0 to 17");
      }
      this.bloomLevels = value;
      return this;
    }

    /** How data blocks are compressed. */
    public Builder compression(Compression value) {
      Objects.requireNonNull(value, "compression");
      this.compression = value;
      return this;
    }

    /** Bound on the cache of decompressed blocks, in bytes; 0 for none, at most 2^40. Uncompressed blocks are read in place and need none. */
    public Builder blockCacheBytes(long value) {
      if (!(value >= 0L && value <= 1099511627776L)) {
        throw invalid("blockCacheBytes", value, "0 to 1099511627776");
      }
      this.blockCacheBytes = value;
      return this;
    }

    /**
     * Memory outside the heap for the tables, in bytes, at most 2^50; 0 for what the container or the
     * machine can give. While the tables fit they are mapped; beyond that their blocks are read one
     * by one into a cache of this size.
     */
    public Builder tableMemoryBytes(long value) {
      if (!(value >= 0L && value <= 1L << 50)) {
        throw invalid("tableMemoryBytes", value, "0 to 1125899906842624");
      }
      this.tableMemoryBytes = value;
      return this;
    }

    /** Compactions that may run at once; 1 to 64. */
    public Builder compactionJobs(int value) {
      if (!(value >= 1 && value <= 64)) {
        throw invalid("compactionJobs", value, "1 to 64");
      }
      this.compactionJobs = value;
      return this;
    }

    /** Bytes a compaction reads before it lets more urgent work go first; 1 KiB to 1 GiB. */
    public Builder compactionSliceBytes(long value) {
      if (!(value >= 1024L && value <= 1073741824L)) {
        throw invalid("compactionSliceBytes", value, "1024 to 1073741824");
      }
      this.compactionSliceBytes = value;
      return this;
    }

    /** Bound on bytes read and written by compactions a second; 0 for no bound, at most 2^50. */
    public Builder compactionBytesPerSecond(long value) {
      if (!(value >= 0L && value <= 1125899906842624L)) {
        throw invalid("compactionBytesPerSecond", value, "0 to 1125899906842624");
      }
      this.compactionBytesPerSecond = value;
      return this;
    }

    /**
     * How many past revisions stay readable without a snapshot; 0 keeps only the newest, 2^62 is the
     * most. Counted are revisions that writes have, across closing and unclean stops: numbers that an
     * unclean stop left out do not count.
     */
    public Builder retainedRevisions(long value) {
      if (!(value >= 0L && value <= 4611686018427387904L)) {
        throw invalid("retainedRevisions", value, "0 to 4611686018427387904");
      }
      this.retainedRevisions = value;
      return this;
    }

    /** Revisions reserved in the manifest at a time; after an unclean stop numbering goes on above the reserve; 1 to 2^40. */
    public Builder revisionReserve(long value) {
      if (!(value >= 1L && value <= 1099511627776L)) {
        throw invalid("revisionReserve", value, "1 to 1099511627776");
      }
      this.revisionReserve = value;
      return this;
    }

    /** Disk space that puts may not use up, so that deletions and purges still can; 0 for none, at most 2^50. */
    public Builder spaceReserveBytes(long value) {
      if (!(value >= 0L && value <= 1125899906842624L)) {
        throw invalid("spaceReserveBytes", value, "0 to 1125899906842624");
      }
      this.spaceReserveBytes = value;
      return this;
    }

    /** Longest key accepted, in bytes; 1 to 1 MiB. */
    public Builder keyBytesMax(int value) {
      if (!(value >= 1 && value <= 1048576)) {
        throw invalid("keyBytesMax", value, "1 to 1048576");
      }
      this.keyBytesMax = value;
      return this;
    }

    /** Longest value accepted, in bytes; 1 to 1 GiB. */
    public Builder valueBytesMax(int value) {
      if (!(value >= 1 && value <= 1073741824)) {
        throw invalid("valueBytesMax", value, "1 to 1073741824");
      }
      this.valueBytesMax = value;
      return this;
    }

    /** Largest encoded batch accepted, in bytes; 64 to 1 GiB. */
    public Builder batchBytesMax(int value) {
      if (!(value >= 64 && value <= 1073741824)) {
        throw invalid("batchBytesMax", value, "64 to 1073741824");
      }
      this.batchBytesMax = value;
      return this;
    }

    /** Operations after which a slot's heat has halved; 1 to 2^40. */
    public Builder heatHalfLifeOps(long value) {
      if (!(value >= 1L && value <= 1099511627776L)) {
        throw invalid("heatHalfLifeOps", value, "1 to 1099511627776");
      }
      this.heatHalfLifeOps = value;
      return this;
    }

    /** One read in this many is measured for burdens and heat; a power of two, 1 to 65536. */
    public Builder readSamplePeriod(int value) {
      if (!(value >= 1 && value <= 65536)) {
        throw invalid("readSamplePeriod", value, "1 to 65536");
      }
      if (Integer.bitCount(value) != 1) {
        throw invalid("readSamplePeriod", value, "a power of two");
      }
      this.readSamplePeriod = value;
      return this;
    }

    /** Theta: burden ÷ cost from which the atll policy merges; 0.01 to 100. */
    public Builder burdenThreshold(double value) {
      if (!(value >= 0.01 && value <= 100.0)) {
        throw invalid("burdenThreshold", value, "0.01 to 100");
      }
      this.burdenThreshold = value;
      return this;
    }

    /**
     * Prices that decisions are made with, in nanoseconds: a filter probe, a block searched, a run
     * positioned, a byte read and a byte written by a merge, with slashes between, as the command
     * {@code atll calibrate} prints them. Checked at open.
     */
    public Builder unitCosts(String value) {
      this.unitCosts = Objects.requireNonNull(value, "unitCosts");
      return this;
    }

    /**
     * Whether the atll policy gives all slots of a level the same number of runs while the predicted
     * gain of treating them apart is below 2 %.
     */
    public Builder staticFallback(boolean value) {
      this.staticFallback = value;
      return this;
    }

    /** Name of the picker that chooses which slot's candidate goes first; checked at open. */
    public Builder scheduler(String value) {
      this.scheduler = Objects.requireNonNull(value, "scheduler");
      return this;
    }

    /** Name of the learner that tunes theta, or "off"; checked at open. */
    public Builder learner(String value) {
      this.learner = Objects.requireNonNull(value, "learner");
      return this;
    }

    /** Seed of all chance in decisions; any value. */
    public Builder decisionSeed(long value) {
      this.decisionSeed = value;
      return this;
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
     * The options.
     *
     * @throws InvalidInputException if settings contradict each other
     */
    public Options build() {
      if (levelZeroSlow > levelZeroMax) {
        throw invalid("levelZeroSlow", levelZeroSlow, "at most levelZeroMax = " + levelZeroMax);
      }
      return new Options(this);
    }

    private static InvalidInputException invalid(String name, Object value, String allowed) {
      return new InvalidInputException(
          String.format(Locale.ROOT, "option %s = %s is not allowed: %s", name, value, allowed));
    }
  }
}
