package dev.atll.torture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whatever a compaction thread does between planning a job and telling of its end throws: each
 * event, each call of a policy, picker or learner, each allocation and each method of the code that
 * decides, merges and installs. A small history for each seed, in an engine that a {@link
 * PlacedLoader} has loaded anew.
 *
 * @param each so many of the times that a kind of place is passed are tried
 * @param only classes of which each place is tried besides
 * @param most of what a seed has, so many are tried at most, drawn
 */
record JobStage(int each, List<String> only, int most) implements Stage {
  /** Those that hold a job, its lease, its space and its files between plan and report. */
  static final List<String> HOLDERS =
      List.of(
          "schedule.Decider", "schedule.Planning", "schedule.JobRun", "schedule.CompactionScheduler",
          "schedule.Leases",
          "compact.CompactionJob", "tree.TreeInstaller", "schedule.ManualCompaction");

  private static final MethodHandle CHECK = check();

  private static MethodHandle check() {
    try {
      Class<?> runs = new PlacedLoader().loadClass(JobRuns.class.getName());
      return MethodHandles.publicLookup()
          .findStatic(
              runs,
              "check",
              MethodType.methodType(
                  void.class,
                  long.class,
                  int.class,
                  List.class,
                  BooleanSupplier.class,
                  Consumer.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the engine cannot be loaded anew", e);
    }
  }

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, campaign);
    }
    return false;
  }

  /** All of one seed, as long as there is time. */
  void check(long seed, Campaign campaign) {
    long until = campaign.figures.histories + most;
    BooleanSupplier goesOn = () -> campaign.goesOn() && campaign.figures.histories < until;
    Consumer<Map<String, Long>> did = campaign.figures::add;
    try {
      CHECK.invoke(seed, each, only, goesOn, did);
    } catch (Error | RuntimeException e) {
      campaign.figures.wrong++;
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
