package dev.atll.torture;

import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultRule;
import dev.atll.torture.FaultRuns.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Histories drawn for ever, each with a few of the faults that could happen to it. */
final class FaultStage implements Stage {
  private static final int OPERATIONS = Integer.getInteger("operations", 50);
  private static final int FAULTS_EACH = 8;

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, campaign.figures);
    }
    return false;
  }

  void check(long seed, Figures figures) {
    List<Op> ops = OpMix.history(seed, OPERATIONS);
    SplittableRandom random = new SplittableRandom(seed);
    FaultRuns runs = new FaultRuns(seed, OptionSet.any(random), ops);
    Map<OpKind, Long> calls = runs.calls();
    for (int i = 0; i < FAULTS_EACH; i++) {
      attempt(runs, draw(random, calls), figures, "FaultTest", "-Dseed=" + seed);
    }
  }

  static void attempt(
      FaultRuns runs, Plan plan, Figures figures, String test, String arguments) {
    try {
      runs.run(plan, figures);
    } catch (RuntimeException | AssertionError e) {
      if (figures.failures() == 0) {
        figures.wrong++;
      }
      throw Failures.report(
          new AssertionError("with " + plan + ": " + e, e),
          test,
          arguments,
          runs.ops(),
          shorter -> runs.with(shorter).runAround(plan));
    }
  }

  private static Plan draw(SplittableRandom random, Map<OpKind, Long> calls) {
    List<OpKind> kinds = new ArrayList<>(calls.keySet());
    OpKind kind = kinds.get(random.nextInt(kinds.size()));
    List<Fault> suitable =
        FaultRuns.FAULTS.stream().filter(fault -> FaultRuns.suits(fault, kind)).toList();
    return new Plan(
        new FaultRule(
            kind,
            name -> true,
            1 + random.nextLong(calls.get(kind)),
            random.nextInt(3) == 0,
            suitable.get(random.nextInt(suitable.size()))),
        random.nextLong());
  }
}
