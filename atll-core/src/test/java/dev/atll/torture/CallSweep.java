package dev.atll.torture;

import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultRule;
import dev.atll.torture.FaultRuns.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Every file operation of a small history fails in turn: with every fault that can happen to it,
 * once and from then on. Several histories, each under its own options, so that all kinds of call are
 * among them.
 *
 * @param histories how many
 * @param every one in so many of the failures is tried; 1 for all
 */
record CallSweep(int histories, int every) implements Stage {
  private static final int OPERATIONS = 30;
  private static final int READS = 25;
  private static final List<String> SETS =
      List.of("synced", "small-log", "compacted", "unmapped", "reopened", "two-memtables", "interval",
          "unmapped-lz4");

  @Override
  public boolean run(Campaign campaign) {
    long seed = campaign.firstSeed;
    for (int i = 0; i < histories; i++, seed++) {
      OptionSet set = OptionSet.named(SETS.get(Math.floorMod(seed, SETS.size())));
      FaultRuns runs = new FaultRuns(seed, set, history(seed, set));
      int number = 0;
      for (Plan plan : plans(runs)) {
        if (number++ % every != 0) {
          continue;
        }
        if (!campaign.goesOn()) {
          return false;
        }
        FaultStage.attempt(
            runs,
            plan,
            campaign.figures,
            "SweepTest",
            "-Dsweep=calls -Dseed=" + seed);
      }
    }
    return true;
  }

  /** Where tables are read block by block, with reads of tables at its end: few histories have any. */
  private static List<Op> history(long seed, OptionSet set) {
    OpMix mix = new OpMix(seed);
    List<Op> ops = new ArrayList<>();
    while (ops.size() < OPERATIONS) {
      ops.add(mix.next());
    }
    if (set.options().tableMemoryBytes() == 1) {
      ops.add(new StoreOps.Flush());
      ops.add(new ReadOps.Scan(0, Range.ALL, false));
      ops.add(new ReadOps.Scan(0, Range.ALL, true));
      while (ops.size() < OPERATIONS + READS) {
        Op op = mix.next();
        if (op.getClass().getEnclosingClass() == ReadOps.class) {
          ops.add(op);
        }
      }
      ops.add(new StoreOps.Compact(Range.ALL));
      ops.add(new StoreOps.Verify());
    }
    return ops;
  }

  private static List<Plan> plans(FaultRuns runs) {
    List<Fault> faults = new ArrayList<>(FaultRuns.FAULTS);
    faults.add(new Fault.OutOfSpace(0));
    List<Plan> plans = new ArrayList<>();
    for (Map.Entry<OpKind, Long> calls : runs.calls().entrySet()) {
      for (Fault fault : faults) {
        boolean inPart =
            (fault instanceof Fault.IoError(double done) && done > 0)
                || (fault instanceof Fault.OutOfSpace(double part) && part > 0);
        if (!FaultRuns.suits(fault, calls.getKey())
            || (inPart && calls.getKey() != OpKind.APPEND)) {
          continue;
        }
        for (long nth = 1; nth <= calls.getValue(); nth++) {
          for (boolean sticky : new boolean[] {false, true}) {
            FaultRule rule = new FaultRule(calls.getKey(), name -> true, nth, sticky, fault);
            plans.add(new Plan(rule, runs.seed() + nth));
          }
        }
      }
    }
    // So that a sweep that is cut short, or sampled, has seen some of everything.
    Collections.shuffle(plans, new Random(runs.seed()));
    return plans;
  }
}
