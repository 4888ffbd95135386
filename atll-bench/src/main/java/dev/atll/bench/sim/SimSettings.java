package dev.atll.bench.sim;

import dev.atll.bench.workload.KeyOrder;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.UnitCosts;

/**
 * What a simulated store is made with.
 *
 * @param policy the compaction policy, as {@code Policies} reads it
 * @param scheduler the picker, as {@code Pickers} reads it
 * @param learner tunes theta, as {@code Learners} reads it
 * @param theta burden ÷ cost from which reads are relieved, above 0; a learner draws multiples of it
 * @param costs prices of events
 * @param memtableBytes memory of a memtable when it is flushed
 * @param fanout T, at least 2
 * @param levelCount levels below level 0
 * @param slotBytes bytes a slot should hold; 0 for a quarter of the memtable
 * @param runsCap most runs a slot may hold
 * @param spaceAmplificationMax bound on stored ÷ live bytes
 * @param tombstonePermille share of deletions from which a purge is considered
 * @param deleteDeadlineMillis how long a deletion may wait, in virtual time; 0 for no deadline
 * @param filterBitsPerKey filter bits of an entry
 * @param heatHalfLifeOps operations after which heat has halved
 * @param staticFallback whether all slots of a level are treated alike while it pays
 * @param sample one read in this many is followed through the tree
 * @param compactionJobs jobs at once
 * @param entry sizes of an entry in memory, log and table
 * @param device how fast things go
 * @param memory memory for tables, and what a block costs that is not there
 * @param seed all chance follows from it
 */
public record SimSettings(
    String policy,
    String scheduler,
    String learner,
    double theta,
    UnitCosts costs,
    long memtableBytes,
    int fanout,
    int levelCount,
    long slotBytes,
    int runsCap,
    double spaceAmplificationMax,
    int tombstonePermille,
    long deleteDeadlineMillis,
    double filterBitsPerKey,
    long heatHalfLifeOps,
    boolean staticFallback,
    int sample,
    int compactionJobs,
    EntryBytes entry,
    Device device,
    SimMemory memory,
    long seed) {

  /**
   * Bytes of an entry with a random key.
   *
   * @param user key and value
   * @param memory in a memtable
   * @param log in the log
   * @param table in a table file
   */
  public record EntryBytes(double user, double memory, double log, double table) {
    // Measured on the engine with keys of 16 and values of 100 bytes, random and ordered; see
    // context/experiments/validate.md.
    private static final double MEMORY_OVERHEAD = 64.3;
    private static final double LOG_OVERHEAD = 23.3;
    private static final double TABLE_OVERHEAD = 5.7;
    // Neighbours in key order begin alike, and a table holds that once.
    private static final double TABLE_SAVED_IN_ORDER = 7.8;

    /** The sizes of an entry of so many key and value bytes. */
    public static EntryBytes of(double userBytes) {
      return new EntryBytes(
          userBytes,
          userBytes + MEMORY_OVERHEAD,
          userBytes + LOG_OVERHEAD,
          userBytes + TABLE_OVERHEAD);
    }

    /** The sizes with keys in this order. */
    EntryBytes in(KeyOrder order) {
      return switch (order) {
        case HASHED -> this;
        case ORDERED ->
            new EntryBytes(user, memory, log, Math.max(table / 2, table - TABLE_SAVED_IN_ORDER));
      };
    }
  }

  /**
   * How fast the virtual machine is.
   *
   * @param writeNanos one write without its compactions
   * @param getNanos one get
   * @param scanNanos one scan
   * @param jobBytesPerSecond input bytes that one compaction job merges in a second
   * @param jobNanos what a job takes besides, such as syncing its files
   * @param budgetBytesPerSecond bound on bytes that a job reads and writes a second; 0 for none
   */
  public record Device(
      double writeNanos,
      double getNanos,
      double scanNanos,
      double jobBytesPerSecond,
      double jobNanos,
      double budgetBytesPerSecond) {
    /** A device that compactions hardly ever wait for. */
    public static final Device DEFAULT = new Device(5_000, 3_000, 20_000, 150e6, 0, 0);
  }

  /** The defaults of the engine at a memtable of 1 MiB, T = 4, entries of 116 bytes. */
  public static SimSettings defaults() {
    return new SimSettings(
        "atll",
        "index",
        "off",
        1,
        // As the engine prices them.
        new UnitCosts(100, 600, 1500, 1.0, 3.0),
        1 << 20,
        4,
        7,
        0,
        64,
        1.25,
        150,
        PolicySettings.OFF,
        10,
        40_000,
        false,
        64,
        1,
        EntryBytes.of(116),
        Device.DEFAULT,
        SimMemory.ALL,
        1);
  }

  /** Bytes a slot should hold. */
  long slotBytesTarget() {
    return slotBytes == 0 ? Math.max(4096, memtableBytes / 4) : slotBytes;
  }

  PolicySettings forPolicies() {
    return new PolicySettings(
        memtableBytes,
        fanout,
        slotBytesTarget(),
        runsCap,
        spaceAmplificationMax,
        deleteDeadlineMillis,
        tombstonePermille);
  }

  /** A builder that starts from these. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects settings. */
  public static final class Builder {
    private String policy;
    private String scheduler;
    private String learner;
    private double theta;
    private UnitCosts costs;
    private long memtableBytes;
    private int fanout;
    private int levelCount;
    private long slotBytes;
    private int runsCap;
    private double spaceAmplificationMax;
    private int tombstonePermille;
    private long deleteDeadlineMillis;
    private double filterBitsPerKey;
    private long heatHalfLifeOps;
    private boolean staticFallback;
    private int sample;
    private int compactionJobs;
    private EntryBytes entry;
    private Device device;
    private SimMemory memory;
    private long seed;

    private Builder(SimSettings from) {
      policy = from.policy;
      scheduler = from.scheduler;
      learner = from.learner;
      theta = from.theta;
      costs = from.costs;
      memtableBytes = from.memtableBytes;
      fanout = from.fanout;
      levelCount = from.levelCount;
      slotBytes = from.slotBytes;
      runsCap = from.runsCap;
      spaceAmplificationMax = from.spaceAmplificationMax;
      tombstonePermille = from.tombstonePermille;
      deleteDeadlineMillis = from.deleteDeadlineMillis;
      filterBitsPerKey = from.filterBitsPerKey;
      heatHalfLifeOps = from.heatHalfLifeOps;
      staticFallback = from.staticFallback;
      sample = from.sample;
      compactionJobs = from.compactionJobs;
      entry = from.entry;
      device = from.device;
      memory = from.memory;
      seed = from.seed;
    }

    /** The compaction policy. */
    public Builder policy(String value) {
      policy = value;
      return this;
    }

    /** The picker. */
    public Builder scheduler(String value) {
      scheduler = value;
      return this;
    }

    /** What tunes theta. */
    public Builder learner(String value) {
      learner = value;
      return this;
    }

    /** Burden ÷ cost from which reads are relieved. */
    public Builder theta(double value) {
      theta = value;
      return this;
    }

    /** Prices of events. */
    public Builder costs(UnitCosts value) {
      costs = value;
      return this;
    }

    /** Memory of a memtable when it is flushed. */
    public Builder memtableBytes(long value) {
      memtableBytes = value;
      return this;
    }

    /** T. */
    public Builder fanout(int value) {
      fanout = value;
      return this;
    }

    /** Levels below level 0. */
    public Builder levelCount(int value) {
      levelCount = value;
      return this;
    }

    /** Bytes a slot should hold; 0 for a quarter of the memtable. */
    public Builder slotBytes(long value) {
      slotBytes = value;
      return this;
    }

    /** Most runs a slot may hold. */
    public Builder runsCap(int value) {
      runsCap = value;
      return this;
    }

    /** Bound on stored ÷ live bytes. */
    public Builder spaceAmplificationMax(double value) {
      spaceAmplificationMax = value;
      return this;
    }

    /** Share of deletions from which a purge is considered. */
    public Builder tombstonePermille(int value) {
      tombstonePermille = value;
      return this;
    }

    /** How long a deletion may wait, in virtual time. */
    public Builder deleteDeadlineMillis(long value) {
      deleteDeadlineMillis = value;
      return this;
    }

    /** Filter bits of an entry. */
    public Builder filterBitsPerKey(double value) {
      filterBitsPerKey = value;
      return this;
    }

    /** Operations after which heat has halved. */
    public Builder heatHalfLifeOps(long value) {
      heatHalfLifeOps = value;
      return this;
    }

    /** Whether all slots of a level are treated alike while it pays. */
    public Builder staticFallback(boolean value) {
      staticFallback = value;
      return this;
    }

    /** One read in this many is followed. */
    public Builder sample(int value) {
      sample = value;
      return this;
    }

    /** Jobs at once. */
    public Builder compactionJobs(int value) {
      compactionJobs = value;
      return this;
    }

    /** Sizes of an entry. */
    public Builder entry(EntryBytes value) {
      entry = value;
      return this;
    }

    /** How fast things go. */
    public Builder device(Device value) {
      device = value;
      return this;
    }

    /** Memory for tables. */
    public Builder memory(SimMemory value) {
      memory = value;
      return this;
    }

    /** All chance follows from it. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** The settings. */
    public SimSettings build() {
      return new SimSettings(
          policy,
          scheduler,
          learner,
          theta,
          costs,
          memtableBytes,
          fanout,
          levelCount,
          slotBytes,
          runsCap,
          spaceAmplificationMax,
          tombstonePermille,
          deleteDeadlineMillis,
          filterBitsPerKey,
          heatHalfLifeOps,
          staticFallback,
          sample,
          compactionJobs,
          entry,
          device,
          memory,
          seed);
    }
  }
}
