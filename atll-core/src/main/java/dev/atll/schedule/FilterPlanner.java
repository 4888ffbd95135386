package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.compact.JobPlan;
import dev.atll.policy.FilterBudget;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import dev.atll.sstable.filter.FilterPlan;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.tree.TableCache;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit.LevelRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says which filters the runs about to be written get: kind by level, bits by the lookups that are
 * expected to ask them in vain ({@link FilterBudget}). What is written already keeps its filters
 * until it is merged for other reasons. Thread-safe.
 */
public final class FilterPlanner {
  // Lookups that a tree nobody reads is taken to have: they spread over the slots of each level
  // evenly, which gives the allocation for uniform reads. About 1 % of what the heat of a busy store
  // adds up to, so real lookups outweigh them soon.
  private static final double PRIOR_GETS = 1000;

  private static final long[] NONE = {};

  // A price a bit is good until this part of heat's half-life has gone by or this part of all entries
  // was written anew: what it rests on then changed by a few percent at most.
  private static final int PRICES_PER_HALF_LIFE = 32;
  private static final int PRICES_PER_REWRITE = 32;

  // In a tree of more runs than these it stands longer in proportion, up to so many times: a price that many
  // runs make together moves less, and finding it takes a look at each of them.
  private static final int RUNS_PER_PRICE = 256;
  private static final int LONGER_MAX = 8;

  // Filters take this part of the memory for tables at most, where these do not all fit.
  private static final int MEMORY_PART = 4;

  // Above this part of the memory allowed, what is left of it is counted for each job.
  private static final double NEARLY_FULL = 0.8;

  /**
   * What all runs together said about filters at one moment. Finding it means a look at every run,
   * which took an eighth of a compaction thread's time when each small job did.
   *
   * @param operations when
   * @param lookups where gets went
   * @param logPrice the price a bit
   * @param entries of all runs
   * @param bits what all filters had
   * @param runs how many there were
   */
  private record Market(
      long operations,
      LookupHeat.Lookups lookups,
      double logPrice,
      double entries,
      double bits,
      int runs) {
    int longer() {
      return Math.clamp(runs / RUNS_PER_PRICE, 1, LONGER_MAX);
    }
  }

  private final Options options;
  private final LookupHeat heat;
  private final LongSupplier operations;
  private final TableCache tables;
  private @Nullable Market market; // guarded by this
  private double entriesSince; // planned since it was found; guarded by this

  /**
   * Creates it.
   *
   * @param operations all operations of the store so far, by which counts decay
   * @param tables whose memory filters share
   */
  public FilterPlanner(Options options, LongSupplier operations, TableCache tables) {
    this.options = options;
    this.operations = operations;
    this.tables = tables;
    this.heat = new LookupHeat(options.heatHalfLifeOps(), operations);
  }

  /** The kind of filter that runs written for a level get. */
  public FilterKind kindAt(int level) {
    return level < options.bloomLevels() ? FilterKind.BLOCKED_BLOOM : FilterKind.RIBBON;
  }

  /**
   * Filters of a table for level 0, by the slots of level 1 that its parts will go to.
   *
   * @param entries entries it will have, about
   */
  public FilterPlan forFlush(ReadState state, long entries) {
    if (options.filterAllocation() == Options.FilterAllocation.UNIFORM) {
      return uniform(0);
    }
    Version version = state.version();
    Guards guards = version.level(1).guards();
    LookupHeat.Lookups lookups = heat.look(state);
    int slots = guards.slotCount();
    List<FilterBudget.Load> loads = new ArrayList<>();
    byte[][] lows = new byte[slots][];
    double own = Math.max(1.0, (double) entries / slots);
    for (int s = 0; s < slots; s++) {
      lows[s] = guards.low(s);
      LookupHeat.Traffic traffic = lookups.at(1, s);
      double resident = entries(version.level(1).slots().get(s));
      loads.add(load(0, own, traffic, own / (own + resident), slots));
    }
    return plan(0, lows, loads, found(state, lookups, NONE, loads));
  }

  /** Filters of what a job will write. */
  public FilterPlan forJob(ReadState state, JobPlan job) {
    int level = job.targetLevel();
    if (options.filterAllocation() == Options.FilterAllocation.UNIFORM || job.targets().isEmpty()) {
      return uniform(level);
    }
    Version version = state.version();
    Market known = known(job);
    LookupHeat.Lookups lookups = known == null ? heat.look(state) : known.lookups();
    long[] inputs = job.inputs().stream().mapToLong(in -> in.run().id()).toArray();
    int targets = job.targets().size();
    List<FilterBudget.Load> loads = new ArrayList<>();
    byte[][] lows = new byte[targets][];
    Guards guards = version.level(level).guards();
    for (int t = 0; t < targets; t++) {
      JobPlan.Target target = job.targets().get(t);
      lows[t] = target.low();
      double own = Math.max(1, ownEntries(job, target));
      double newer = 0;
      double older = 0;
      int last = guards.lastSlotBelow(target.high());
      for (int s = guards.slotOf(target.low()); s <= last; s++) {
        for (Run run : version.level(level).slots().get(s).runs()) {
          if (isAmong(inputs, run)) {
            continue;
          }
          if (run.minRevision() > target.maxRevision()) {
            newer += run.entries();
          } else {
            older += run.entries();
          }
        }
      }
      LookupHeat.Traffic traffic = lookups.within(level, target.low(), target.high());
      double share = (newer + own) / (newer + own + older);
      loads.add(load(level, own, traffic, share, guards.slotCount()));
    }
    return plan(
        level, lows, loads, known == null ? found(state, lookups, inputs, loads) : known);
  }

  /** The last market, if little has changed since, or will by a job, and there is memory to spare. */
  private synchronized @Nullable Market known(JobPlan job) {
    Market last = market;
    double planned = entriesSince;
    for (LevelRun in : job.inputs()) {
      planned += in.run().entries();
    }
    boolean good =
        last != null
            && operations.getAsLong() - last.operations()
                < options.heatHalfLifeOps() / PRICES_PER_HALF_LIFE * last.longer()
            && planned < last.entries() / PRICES_PER_REWRITE
            && last.bits() < NEARLY_FULL * mostBits();
    return good ? last : null;
  }

  /** The market with these loads beside all runs that stay; adds nothing to the loads. */
  private Market found(
      ReadState state, LookupHeat.Lookups lookups, long[] without, List<FilterBudget.Load> loads) {
    List<FilterBudget.Load> all = new ArrayList<>(loads);
    double restBits = addRest(state, lookups, without, all);
    double entries = 0;
    for (FilterBudget.Load load : all) {
      entries += load.entries();
    }
    double price =
        FilterBudget.logPrice(all, Math.min(mostBits(), options.filterBitsPerKey() * entries));
    if (!tables.isMapped() && options.filterBitsPerKey() > 0) {
      double worth = logPriceOfCache(state, lookups);
      if (worth < price) {
        double most = Math.min(mostBits(), 8.0 * tables.memoryBytes() / MEMORY_PART);
        price = Math.min(price, Math.max(worth, FilterBudget.logPrice(all, most)));
      }
    }
    Market next = new Market(operations.getAsLong(), lookups, price, entries, restBits, all.size());
    synchronized (this) {
      market = next;
      entriesSince = 0;
    }
    return next;
  }

  /**
   * What a bit would save as a part of a cached block, where not all blocks are: of evenly spread gets, each
   * of which reads one block, it is the part of the data that it holds. A filter's bit saves wasted
   * reads, so the two have one price. Uneven gets profit less from what is cached last, so that this
   * gives filters too little rather than too much.
   */
  private static double logPriceOfCache(ReadState state, LookupHeat.Lookups lookups) {
    double bytes = 1;
    for (TableFile file : state.version().files().values()) {
      bytes += file.bytes();
    }
    double gets = lookups.within(1, new byte[0], null).gets() + PRIOR_GETS;
    return Math.log(gets / (8 * bytes));
  }

  private synchronized void written(List<FilterBudget.Load> loads) {
    for (FilterBudget.Load load : loads) {
      entriesSince += load.entries();
    }
  }

  private double mostBits() {
    return 8.0 * options.filterBytesMax();
  }

  private FilterPlan uniform(int level) {
    return FilterPlan.uniform(FilterChoice.of(kindAt(level), options.filterBitsPerKey()));
  }

  /** Entries that a target will receive: a parent's run is shared out evenly over the targets. */
  private static double ownEntries(JobPlan job, JobPlan.Target target) {
    double entries = 0;
    for (LevelRun in : job.inputs()) {
      Run run = in.run();
      if (run.isWithin(target.low(), target.high())) {
        entries += run.entries();
      } else if (run.overlaps(target.low(), target.high())) {
        int touched = 0;
        for (JobPlan.Target other : job.targets()) {
          touched += run.overlaps(other.low(), other.high()) ? 1 : 0;
        }
        entries += (double) run.entries() / touched;
      }
    }
    return entries;
  }

  private static double entries(Slot slot) {
    double sum = 0;
    for (Run run : slot.runs()) {
      sum += run.entries();
    }
    return sum;
  }

  private static double entries(ReadRun[] runs, long[] without) {
    double sum = 0;
    for (ReadRun run : runs) {
      sum += isAmong(without, run.run()) ? 0 : run.run().entries();
    }
    return sum;
  }

  /** Whether a run is one of a few, as the inputs of a job are. */
  private static boolean isAmong(long[] ids, Run run) {
    for (long id : ids) {
      if (id == run.id()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The load of a run.
   *
   * @param share of the slot's entries, those of this run and of newer ones: as many of the slot's
   *     answers are taken to come from there
   */
  private FilterBudget.Load load(
      int level, double entries, LookupHeat.Traffic traffic, double share, int slots) {
    double vain = traffic.gets() - (traffic.gets() - traffic.passed()) * share;
    return new FilterBudget.Load(
        entries, vain + PRIOR_GETS / slots, kindAt(level).decayPerBit());
  }

  /** Adds the runs that stay; returns the bits that their filters have. */
  private double addRest(
      ReadState state,
      LookupHeat.Lookups lookups,
      long[] without,
      List<FilterBudget.Load> into) {
    Version version = state.version();
    double bits = 0;
    LookupHeat.Traffic all = lookups.within(1, new byte[0], null);
    for (ReadRun run : state.tree().levelZero()) {
      into.add(load(0, (double) run.run().entries(), all, 0, 1));
      bits += filterBits(run);
    }
    for (int i = 1; i <= version.levelCount(); i++) {
      var slots = state.tree().levels()[i - 1].slots();
      for (int s = 0; s < slots.length; s++) {
        if (slots[s].runs().length == 0) {
          continue;
        }
        double total = Math.max(1, entries(slots[s].runs(), without));
        LookupHeat.Traffic traffic = lookups.at(i, s);
        double sum = 0;
        for (ReadRun run : slots[s].runs()) {
          if (!isAmong(without, run.run())) {
            sum += run.run().entries();
            into.add(load(i, (double) run.run().entries(), traffic, sum / total, slots.length));
            bits += filterBits(run);
          }
        }
      }
    }
    return bits;
  }

  private static double filterBits(ReadRun run) {
    TableInfo info = run.table().info();
    return 8.0 * info.filterBytes() * Math.min(1, run.run().entries() / Math.max(1.0, (double) info.entries()));
  }

  private FilterPlan plan(
      int level, byte[][] lows, List<FilterBudget.Load> loads, Market market) {
    written(loads);
    double[] bits = new double[lows.length];
    double planned = 0;
    for (int i = 0; i < lows.length; i++) {
      bits[i] = FilterBudget.bits(loads.get(i), market.logPrice());
      planned += bits[i] * loads.get(i).entries();
    }
    // Filters that were written when the tree was smaller may leave less than the share.
    double scale =
        planned == 0 ? 0 : Math.clamp((mostBits() - market.bits()) / planned, 0, 1);
    FilterChoice[] choices = new FilterChoice[lows.length];
    for (int i = 0; i < choices.length; i++) {
      choices[i] = FilterChoice.of(kindAt(level), bits[i] * scale);
    }
    return FilterPlan.of(lows, choices);
  }
}
