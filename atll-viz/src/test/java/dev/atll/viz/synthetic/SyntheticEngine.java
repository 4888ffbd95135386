package dev.atll.viz.synthetic;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.DurabilityMode;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.FlushReason;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.viz.synthetic.SimSlot.SimRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/** A modelled store: {@link #step} lets time pass and emits what would have happened. */
public final class SyntheticEngine {
  static final long MEMTABLE_MAX = 64L << 20;
  private static final int L0_MAX = 12;
  private static final int JOBS_MAX = 3;
  private static final double JOB_BYTES_PER_SECOND = 16e6;

  final SimTree tree;
  final SimLoad load = new SimLoad();
  private final EventSink sink;
  private final SplittableRandom random;
  private final SimStats stats;
  private final List<SimJob> jobs = new ArrayList<>();
  private final Deque<SimReward> rewards = new ArrayDeque<>();
  private String policy = "atll";
  private double theta = 1.0;
  private PressureZone zone = PressureZone.GREEN;
  private long now;
  private long memtable;
  private long memtableId = 1;
  private long sealed;
  private long flushEnds = -1;
  private long flushSince;
  private long nextShape;
  private long nextDecision;
  private long nextMeasure;
  private long decisionId;
  private long jobId;

  private record SimReward(long atNanos, long decisionId, double burden, long bytes) {}

  public SyntheticEngine(EventSink sink, long seed, int deepest, int slotsInL1, int fanout) {
    this.sink = sink;
    this.random = new SplittableRandom(seed);
    this.tree = new SimTree(deepest, slotsInL1, fanout, random);
    this.stats = new SimStats(sink, random);
  }

  public void open(long wallMillis) {
    sink.emit(
        new EngineEvent.Opened(
            now,
            wallMillis,
            1,
            Label.of(policy),
            DurabilityMode.INTERVAL,
            4,
            7,
            MEMTABLE_MAX,
            SimTree.SLOT_TARGET,
            L0_MAX,
            1L << 30,
            JOBS_MAX,
            0));
    emitShape();
  }

  void policy(String name) {
    sink.emit(new EngineEvent.PolicyChanged(now, Label.of(policy), Label.of(name)));
    policy = name;
    theta = name.equals("leveled") ? 0 : name.equals("tiered") ? 4 : 1;
  }

  long now() {
    return now;
  }

  public void step(long nanos) {
    now += nanos;
    double seconds = nanos / 1e9;
    load.move(now, sink);
    double writes = load.writesPerSecond() * seconds * (zone == PressureZone.RED ? 0.2 : 1);
    long bytes = (long) (writes * SimLoad.VALUE_BYTES);
    memtable += bytes;
    stats.wrote(bytes);
    heat(seconds);
    flush();
    admit();
    run(seconds);
    if (now >= nextDecision) {
      nextDecision = now + 250_000_000L;
      decide();
    }
    reward();
    pressure();
    if (now >= nextMeasure) {
      nextMeasure = now + 400_000_000L;
      measure();
    }
    if (now >= nextShape) {
      nextShape = now + 1_000_000_000L;
      emitShape();
    }
    stats.step(now, this);
  }

  long memtableBytes() {
    return memtable;
  }

  int sealedCount() {
    return sealed > 0 ? 1 : 0;
  }

  PressureZone zone() {
    return zone;
  }

  long debt() {
    long debt = 0;
    for (List<SimSlot> row : tree.levels) {
      for (SimSlot slot : row) {
        if (slot.runs.size() > 1 && slot.level < tree.deepest()) {
          debt += slot.bytes() - slot.runs.getLast().bytes();
        }
      }
    }
    return debt;
  }

  private void heat(double seconds) {
    double decay = Math.exp(-seconds / 6);
    double reads = load.readsPerSecond();
    for (List<SimSlot> row : tree.levels) {
      for (SimSlot slot : row) {
        double width = slot.high - slot.low;
        double share = load.shareOf(slot.low, slot.high);
        double density = share / width;
        double want = Math.min(1, density / (load.peakDensity() * 1.05));
        slot.heat = slot.heat * decay + want * (1 - decay);
        slot.readBurden += reads * share * (slot.runs.size() - 1) * 0.9 * seconds;
        slot.writeBurden += load.writesPerSecond() * width * SimLoad.VALUE_BYTES * seconds;
        double a = slot.writeBurden + 1;
        double b = slot.readBurden * 900 + 1;
        double star = Math.max(1, Math.min(6, 0.6 * Math.sqrt(a / b) + 0.8));
        slot.kStar += (star - slot.kStar) * Math.min(1, seconds);
      }
    }
  }

  private void flush() {
    if (memtable >= MEMTABLE_MAX && sealed == 0) {
      sealed = memtable;
      memtable = 0;
      sink.emit(
          new FlushEvent.Triggered(
              now, memtableId, FlushReason.MEMTABLE_BYTES, sealed, sealed / 256));
      sink.emit(new FlushEvent.Started(now, memtableId, sealed));
      flushSince = now;
      flushEnds = now + 700_000_000L;
    }
    if (flushEnds >= 0 && now >= flushEnds) {
      long file = tree.nextFile++;
      long out = (long) (sealed * 0.9);
      tree.l0.addFirst(new SimRun(file, out));
      stats.flushed(out);
      sink.emit(
          new FlushEvent.Completed(
              now,
              memtableId++,
              file,
              sealed / 256,
              sealed / 256,
              sealed,
              out,
              tree.level(1).size(),
              now - flushSince));
      sealed = 0;
      flushEnds = -1;
      emitShape();
    }
  }

  private void admit() {
    if (tree.l0.size() < 3) {
      return;
    }
    SimRun oldest = tree.l0.removeLast();
    tree.pour(1, 0, 1, oldest.bytes(), oldest.file());
    sink.emit(
        new AdmissionEvent.Completed(
            now, oldest.file(), 1, tree.level(1).size(), oldest.bytes(), 0, true, 180_000));
    emitShape();
  }

  private List<Candidate> candidates() {
    List<Candidate> all = new ArrayList<>();
    for (List<SimSlot> row : tree.levels) {
      for (int i = 0; i < row.size(); i++) {
        SimSlot slot = row.get(i);
        if (slot.leased) {
          continue;
        }
        if (slot.runs.size() > 1) {
          long cost = slot.bytes() * 2;
          double burden = slot.readBurden;
          double index = burden * 7_000 / cost;
          all.add(
              new Candidate(
                  ActionKind.MERGE, DecisionReason.READ_BURDEN, slot.level, i, 0, slot.runs.size(),
                  cost, burden, index, slot.runs.size() > 9));
        }
        if (slot.level < tree.deepest() && slot.bytes() > SimTree.SLOT_TARGET * 1.3) {
          long cost = slot.bytes() * 4;
          double excess = slot.bytes() / (SimTree.SLOT_TARGET * 1.3);
          all.add(
              new Candidate(
                  ActionKind.MERGE_DOWN, DecisionReason.SIZE, slot.level, i, 0, slot.runs.size(),
                  cost, slot.readBurden, excess * 0.9, excess > 1.8));
        }
      }
    }
    all.sort((x, y) -> Double.compare(y.index(), x.index()));
    return all;
  }

  private void decide() {
    List<Candidate> all = candidates();
    boolean explored = random.nextDouble() < 0.06;
    int chosen = -1;
    if (jobs.size() < JOBS_MAX && !all.isEmpty()) {
      int pick = explored ? random.nextInt(Math.min(all.size(), 6)) : 0;
      if (all.get(pick).index() >= theta || all.get(pick).urgent() || explored) {
        chosen = pick;
      }
    }
    decisionId++;
    sink.emit(
        new DecisionEvent.Made(
            now,
            decisionId,
            tree.version,
            Label.of(policy),
            all.subList(0, Math.min(24, all.size())),
            chosen,
            theta,
            0,
            1,
            Doubles.of(0.1, 0.8, 0.1),
            Doubles.empty(),
            explored ? 0.06 : 0.94,
            explored && chosen >= 0,
            random.nextLong(),
            random.nextLong(20_000, 90_000)));
    if (chosen >= 0) {
      begin(all.get(chosen));
    }
  }

  private void begin(Candidate c) {
    SimSlot slot = tree.level(c.level()).get(c.slot());
    slot.leased = true;
    jobId++;
    SimJob job =
        new SimJob(
            jobId, decisionId, c.kind(), slot, c.slot(), c.runs(), c.costBytes(), c.burdenMicros());
    sink.emit(
        new CompactionEvent.Scheduled(
            now, jobId, decisionId, c.kind(), c.level(), c.slot(), job.targetLevel(), c.runs(),
            c.costBytes()));
    sink.emit(
        new CompactionEvent.Started(
            now, jobId, c.kind(), c.level(), c.slot(), job.targetLevel(), c.runs(), c.costBytes()));
    jobs.add(job);
  }

  private void run(double seconds) {
    for (Iterator<SimJob> it = jobs.iterator(); it.hasNext(); ) {
      SimJob job = it.next();
      job.bytesDone += (long) (JOB_BYTES_PER_SECOND * seconds * random.nextDouble(0.6, 1.4));
      if (job.bytesDone >= job.bytesPlanned) {
        it.remove();
        finish(job);
      } else if (now - job.lastProgressNanos > 200_000_000L) {
        job.lastProgressNanos = now;
        sink.emit(new CompactionEvent.Progress(now, job.id, job.bytesDone, job.bytesPlanned));
      }
    }
  }

  private void finish(SimJob job) {
    SimSlot slot = job.slot;
    slot.leased = false;
    long in = job.bytesPlanned / 2;
    long kept = (long) (in * 0.93);
    int merged = Math.min(job.runs, slot.runs.size());
    List<SimRun> gone = slot.runs.subList(slot.runs.size() - merged, slot.runs.size());
    long bytes = (long) (gone.stream().mapToLong(SimRun::bytes).sum() * 0.93);
    gone.clear();
    long file = tree.nextFile++;
    if (job.targetLevel() == slot.level) {
      slot.runs.addLast(new SimRun(file, bytes));
      tree.version++;
    } else {
      tree.pour(slot.level + 1, slot.low, slot.high, bytes, file);
    }
    stats.compacted(in, kept);
    sink.emit(
        new CompactionEvent.Finished(
            now, job.id, Outcome.INSTALLED, job.kind, slot.level, job.slotIndex, job.targetLevel(),
            in, kept, in / 256, kept / 256, (in - kept) / 256, 0, 0, 0,
            (long) (job.bytesPlanned / JOB_BYTES_PER_SECOND * 1e9)));
    rewards.add(new SimReward(now + 2_500_000_000L, job.decisionId, job.burden, in + kept));
    slot.readBurden *= 0.05;
    slot.writeBurden *= 0.4;
    for (int i = 0; i < tree.level(slot.level).size(); i++) {
      SimSlot each = tree.level(slot.level).get(i);
      if (each == slot && slot.level > 1 && slot.bytes() > 2 * SimTree.SLOT_TARGET
          && tree.level(slot.level).size() < 600) {
        double at = tree.split(slot, random);
        sink.emit(
            new GuardEvent.Split(now, slot.level, i, at, slot.bytes() / 2, slot.bytes() / 2));
        break;
      }
    }
    emitShape();
  }

  private void reward() {
    while (!rewards.isEmpty() && rewards.peek().atNanos <= now) {
      SimReward r = rewards.remove();
      double write = r.bytes / 400.0 / 1000;
      double read = r.burden * random.nextDouble(0.4, 1.6);
      sink.emit(
          new DecisionEvent.Rewarded(
              now, r.decisionId, Label.of(policy), 1, Math.tanh((read - write) / (read + write + 1)),
              read, write, 0, 2_500_000_000L));
    }
  }

  private void pressure() {
    long debt = debt();
    PressureZone next =
        tree.l0.size() > 5 || sealed > 0 && memtable > MEMTABLE_MAX
            ? PressureZone.RED
            : debt > 2_600_000_000L
                ? PressureZone.ORANGE
                : debt > 1_800_000_000L || load.bursting(now)
                    ? PressureZone.YELLOW
                    : PressureZone.GREEN;
    if (next != zone) {
      PressureCause cause =
          next == PressureZone.GREEN
              ? PressureCause.NONE
              : next == PressureZone.RED ? PressureCause.MEMTABLES : PressureCause.DEBT;
      sink.emit(new PressureEvent.ZoneChanged(now, zone, next, cause));
      if (next == PressureZone.RED) {
        sink.emit(new PressureEvent.StallStarted(now, cause, tree.l0.size(), 1, debt));
      } else if (zone == PressureZone.RED) {
        sink.emit(new PressureEvent.StallEnded(now, cause, 40_000_000, 12));
      }
      zone = next;
    }
  }

  private void measure() {
    for (int level = 1; level <= tree.deepest(); level++) {
      for (int i = 0; i < tree.level(level).size(); i++) {
        SimSlot s = tree.level(level).get(i);
        int k = (int) Math.max(1, Math.min(6, Math.round(s.kStar)));
        if (Math.abs(s.kStar - s.k) > 0.8 && random.nextDouble() < 0.05) {
          sink.emit(new SlotEvent.KChanged(now, level, i, s.k, k, Math.min(1, s.heat)));
          s.k = k;
        }
        sink.emit(
            new SlotEvent.Measured(
                now, level, i, s.low, s.high, s.runs.size(), s.bytes(), Math.min(1, s.heat), s.k,
                s.kStar, s.readBurden, s.writeBurden));
      }
    }
  }

  /** Replaces every file, as no engine would, so that frames grow large. */
  public void churn() {
    for (List<SimSlot> row : tree.levels) {
      for (SimSlot slot : row) {
        slot.runs.replaceAll(run -> new SimRun(tree.nextFile++, run.bytes() + 1));
      }
    }
    emitShape();
  }

  void emitShape() {
    sink.emit(
        new TreeEvent.Shape(
            now, tree.version, tree.levels.size(), sealedCount(), memtable, tree.shapes()));
  }
}
