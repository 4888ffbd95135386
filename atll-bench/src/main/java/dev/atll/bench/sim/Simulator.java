package dev.atll.bench.sim;

import dev.atll.schedule.DecisionTerms;
import dev.atll.schedule.ThetaTuner;
import dev.atll.sstable.filter.BlockedBloom;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a load against a simulated store. Deterministic: the same settings, load and lengths give the
 * same figures. Single use.
 */
public final class Simulator {
  // As the engine's throttle: debt of so many memtables is free, from three times that on writers go
  // as fast as one job merges.
  private static final int FREE_DEBT_MEMTABLES = 8;
  // The engine looks anew after so many reads.
  private static final int READS_BETWEEN_LOOKS = 8192;
  private static final int STEPS_MAX = 64;
  private static final int STEPS_MIN = 4;
  // What policies see of heat is renewed after so many flushes.
  private static final int FLUSHES_BETWEEN_RENEWALS = 4;
  // A flush is drawn by so many writes at most, each standing for several.
  private static final int DRAWS_MAX = 1 << 15;
  private static final int BUCKETS_MIN = 256;
  private static final int BUCKETS_MAX = 1 << 14;

  private final SimSettings settings;
  private final SimLoad load;
  private final OpDraws draws;
  private final KeyModel keys;
  private final SimTree tree;
  private final SimCompactions compactions;
  private final SimReads reads;
  private final double entriesPerFlush;
  private final List<SimPoint> timeline = new ArrayList<>();
  private int pointEvery;
  private SimTotals totals = new SimTotals();
  private SimTotals atLastPoint = new SimTotals();
  private double nowNanos;
  private long flushNumber;
  private double opsDone;
  // Of those, operations of an interval that is not over.
  private double opsInInterval;
  // What was counted before the totals were last forgotten.
  private double flushEntriesBefore;
  private double readNanosBefore;
  private double mergeNanosBefore;
  private double loadNext;
  private double insertsDone;
  private double readsSinceLook;

  /**
   * Prepares a run.
   *
   * @param opsMax operations that will be run at most, besides the loading
   */
  public Simulator(SimSettings given, SimLoad load, double opsMax) {
    SimSettings settings =
        given.toBuilder()
            .entry(given.entry().in(load.order()))
            .sample(given.memory().isBounded() ? 1 : given.sample())
            .build();
    this.settings = settings;
    this.load = load;
    long insertsMax = (long) Math.ceil(opsMax * load.inserts());
    double entries = (load.loaded() ? load.keys() : 0) + insertsMax;
    this.draws = new OpDraws(load, bucketsFor(entries, settings), insertsMax, settings.seed());
    this.keys = draws.keys();
    this.tree = new SimTree(keys, settings);
    this.compactions = new SimCompactions(tree, keys, settings, this::spent);
    this.reads =
        new SimReads(tree, draws, settings, falsePositiveRate(settings.filterBitsPerKey()));
    this.entriesPerFlush = Math.max(1, settings.memtableBytes() / settings.entry().memory());
  }

  /** How often a filter of so many bits a key admits a key that is not there. */
  public static double falsePositiveRate(double bitsPerKey) {
    return bitsPerKey <= 0
        ? 1
        : BlockedBloom.falsePositiveRate(
            bitsPerKey, BlockedBloom.ofBitsPerKey(bitsPerKey).probes());
  }

  /** Four buckets for each slot that the data may be cut into. */
  private static int bucketsFor(double entries, SimSettings settings) {
    double slots = entries * settings.entry().table() / settings.slotBytesTarget();
    int buckets = BUCKETS_MIN;
    while (buckets < 4 * slots && buckets < BUCKETS_MAX) {
      buckets *= 2;
    }
    return buckets;
  }

  /** Keeps a point of the course of things after each so many flushes. */
  public void keepTimeline(int everyFlushes) {
    pointEvery = everyFlushes;
  }

  /** Writes every key once, waits for compactions, and forgets what that cost. */
  public void load() {
    while (loadNext < load.keys()) {
      double count = Math.min(entriesPerFlush, load.keys() - loadNext);
      Content flush = new Content(0, keys.buckets(), true, false, false, false);
      float[] share = java.util.Objects.requireNonNull(flush.load);
      spreadLoad(share, loadNext, count);
      flush.loadFrom = (long) loadNext;
      flush.loadTo = (long) (loadNext + count);
      loadNext += count;
      if (load.keys() - loadNext < 1e-6) {
        flush.loadTo = Long.MAX_VALUE;
      }
      pass(count * settings.device().writeNanos() + throttle(count));
      totals.writes += count;
      flush(flush, 0, count);
    }
    settle();
    beginMeasuring();
  }

  private void spreadLoad(float[] share, double from, double count) {
    if (load.order() == dev.atll.bench.workload.KeyOrder.HASHED) {
      java.util.Arrays.fill(share, (float) (count / load.keys()));
      return;
    }
    double before = 0;
    for (int b = 0; b < share.length && before < from + count; b++) {
      double here = keys.loadedKeys(b);
      double in = Math.min(before + here, from + count) - Math.max(before, from);
      if (in > 0) {
        share[b] = (float) Math.min(1, in / here);
      }
      before += here;
    }
  }

  /** Runs so many operations. */
  public void run(double ops) {
    double until = opsDone + ops;
    while (until - opsDone > 1e-6) {
      double perFlush = load.writes() > 0 ? entriesPerFlush / load.writes() : 1e6;
      interval(Math.min(perFlush, until - opsDone), load.writes() > 0);
    }
  }

  /** The terms by which the last look decided. */
  DecisionTerms terms() {
    return compactions.terms();
  }

  /** Waits until compactions have nothing left to do. */
  public void settle() {
    compactions.touch();
    compactions.start(nowNanos, totals);
    while (compactions.nextEventNanos(nowNanos) < Double.POSITIVE_INFINITY) {
      nowNanos = Math.max(nowNanos, compactions.nextEventNanos(nowNanos));
      compactions.at(nowNanos, totals);
    }
  }

  /** Forgets what was counted so far: the steady state begins here. */
  public void beginMeasuring() {
    flushEntriesBefore += totals.flushEntries;
    readNanosBefore += totals.readNanos(settings.costs());
    mergeNanosBefore += totals.mergeNanos(settings);
    totals = new SimTotals();
    atLastPoint = new SimTotals();
    timeline.clear();
  }

  /** All that was spent since the beginning, as the engine's tuner is told it. */
  private ThetaTuner.Totals spent() {
    return new ThetaTuner.Totals(
        (long) (loadNext + opsDone + opsInInterval),
        (long) ((flushEntriesBefore + totals.flushEntries) * settings.entry().table()),
        readNanosBefore + totals.readNanos(settings.costs()),
        mergeNanosBefore + totals.mergeNanos(settings));
  }

  private void interval(double ops, boolean flushes) {
    Memory memory = draw(ops);
    double readOps = ops * load.reads();
    int steps =
        readOps < 1
            ? 1
            : (int) Math.min(STEPS_MAX, Math.max(STEPS_MIN, readOps / READS_BETWEEN_LOOKS));
    double nanos =
        ops
                * (load.writes() * settings.device().writeNanos()
                    + (load.gets() + load.misses()) * settings.device().getNanos()
                    + load.scans() * settings.device().scanNanos())
            + throttle(ops * load.writes());
    for (int step = 0; step < steps; step++) {
      draws.at((long) (opsDone + ops * step / steps));
      opsInInterval = ops * step / steps;
      pass(nanos / steps);
      opsInInterval = ops * (step + 1) / steps;
      if (readOps >= 1) {
        readsSinceLook += readOps / steps;
        double waitedBefore = totals.waitNanos;
        reads.step(load, ops / steps, memory.part((step + 0.5) / steps), insertsDone, totals);
        if (totals.waitNanos > waitedBefore) {
          pass(totals.waitNanos - waitedBefore);
        }
        if (readsSinceLook >= READS_BETWEEN_LOOKS) {
          readsSinceLook = 0;
          compactions.touch();
          compactions.start(nowNanos, totals);
        }
      }
    }
    opsInInterval = 0;
    opsDone += ops;
    totals.ops += ops;
    if (flushes) {
      totals.writes += ops * load.writes();
      double inserted = ops * load.inserts();
      Content content = memory.content();
      content.insertFrom = (long) insertsDone;
      content.insertTo = (long) (insertsDone + inserted);
      insertsDone += inserted;
      flush(content, ops * (load.puts() + load.deletes()), inserted);
    }
  }

  /** The memtable of an interval, drawn at its beginning and seen as far as it is filled. */
  record Memory(Content content, double filled, double insertsFrom, double inserts) {
    Memory part(double share) {
      return new Memory(content, share, insertsFrom, inserts);
    }
  }

  private Memory draw(double ops) {
    boolean overwrites = load.puts() > 0 || load.deletes() > 0;
    Content flush =
        new Content(0, keys.buckets(), false, overwrites, load.deletes() > 0, load.inserts() > 0);
    double count = ops * (load.puts() + load.deletes());
    if (flush.draws != null && count > 0) {
      int many = (int) Math.min(DRAWS_MAX, Math.max(1, Math.round(count)));
      float each = (float) (count / many);
      double deletes = load.deletes() / (load.puts() + load.deletes());
      for (int i = 0; i < many; i++) {
        if ((i & 255) == 0) {
          draws.at((long) (opsDone + ops * i / many));
        }
        int bucket = draws.writeBucket();
        flush.draws[bucket] += each;
        if (flush.deletes != null && draws.nextDouble() < deletes) {
          flush.deletes[bucket] += each;
        }
      }
    }
    double inserted = ops * load.inserts();
    if (flush.inserts != null && inserted > 0) {
      int many = (int) Math.min(DRAWS_MAX, Math.max(1, Math.round(inserted)));
      float each = (float) (inserted / many);
      long base = (load.loaded() ? load.keys() : 0) + (long) insertsDone;
      for (int i = 0; i < many; i++) {
        flush.inserts[draws.bucket(base + (long) (inserted * i / many))] += each;
      }
    }
    draws.at((long) opsDone);
    return new Memory(flush, 0, insertsDone, inserted);
  }

  private double throttle(double entries) {
    double free = (double) FREE_DEBT_MEMTABLES * settings.memtableBytes();
    double over = Math.min(4, (compactions.debtBytes() - free) / (2 * free));
    return over <= 0
        ? 0
        : entries * settings.entry().user() * over * 1e9 / settings.device().jobBytesPerSecond();
  }

  /** Lets time go by; jobs end and others begin. */
  private void pass(double nanos) {
    double until = nowNanos + nanos;
    while (nextNanos() <= until) {
      nowNanos = nextNanos();
      compactions.at(nowNanos, totals);
    }
    nowNanos = until;
    totals.nanos += nanos;
  }

  private double nextNanos() {
    return Math.max(
        nowNanos, Math.min(compactions.nextEventNanos(nowNanos), compactions.nextLookNanos()));
  }

  private void flush(Content content, double overwriting, double inserting) {
    content.seal(keys);
    double entries = content.entries(0, keys.buckets());
    flushNumber++;
    SimFile file = new SimFile(entries);
    SimRun run =
        tree.newRun(
            content,
            file,
            0,
            keys.buckets(),
            (int) (1000 * reads.knownShare(overwriting, inserting)),
            (long) (nowNanos / 1e6),
            flushNumber);
    tree.flushed(run);
    tree.admit();
    totals.flushes++;
    totals.flushEntries += entries;
    if (flushNumber % FLUSHES_BETWEEN_RENEWALS == 0) {
      for (int i = 1; i <= tree.levelCount(); i++) {
        for (SimSlot slot : tree.slots(i)) {
          slot.decay((long) opsDone, (double) settings.heatHalfLifeOps());
          slot.forget();
        }
      }
    }
    compactions.touch();
    compactions.start(nowNanos, totals);
    observe();
    if (pointEvery > 0 && flushNumber % pointEvery == 0) {
      SimPoint point = SimPoint.between(opsDone, atLastPoint, totals, settings, tree);
      timeline.add(point);
      atLastPoint = SimPoint.copy(totals);
    }
  }

  private void observe() {
    double live = liveEntries();
    if (live > 0) {
      double space = tree.storedEntries() / live;
      totals.spaceSum += space;
      totals.spaceMost = Math.max(totals.spaceMost, space);
      totals.spaceSamples++;
    }
    if (load.deletes() == 0) {
      return;
    }
    double nowMillis = nowNanos / 1e6;
    for (int i = 1; i <= tree.deepest; i++) {
      for (SimSlot slot : tree.slots(i)) {
        for (SimRun run : slot.runs) {
          if (run.deletionsSinceMillis > 0) {
            totals.tombstoneAgeMost =
                Math.max(totals.tombstoneAgeMost, nowMillis - run.deletionsSinceMillis);
          }
        }
      }
    }
  }

  /** Keys that a reader would find, from what was loaded and inserted. */
  private double liveEntries() {
    double alive = loadNext + insertsDone;
    if (load.deletes() > 0) {
      double perKey = opsDone * (load.puts() + load.deletes()) / load.keys();
      double touched = -Math.expm1(-perKey);
      double kept = load.puts() / (load.puts() + load.deletes());
      alive = load.keys() * (touched * kept + (1 - touched)) + insertsDone;
    }
    return alive;
  }

  /** What was counted since the load or the beginning of measuring. */
  public SimResult result() {
    return SimResult.of(
        settings, load, totals, tree, compactions.predictedGain(nowNanos), List.copyOf(timeline));
  }
}
