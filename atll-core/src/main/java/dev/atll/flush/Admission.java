package dev.atll.flush;

import dev.atll.kernel.Action;
import dev.atll.kernel.Plan;
import dev.atll.tree.RunViews;
import dev.atll.tree.VersionShape;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import org.jspecify.annotations.Nullable;

/**
 * Hands the oldest runs of level 0 to the slots of level 1, as views: one edit, no data written. A
 * slot that has as many runs as it may holds back only its own part of the run, which stays in level
 * 0 with bounds shrunk to it; while any part of a range is held back, newer runs wait behind it there.
 */
public final class Admission {
  /**
   * What an admission would change.
   *
   * @param edit the change; apply it to the version it was planned on
   * @param fileNumber table of the run admitted
   * @param views views made
   * @param bytes data bytes that changed level, none of them written
   * @param whole whether nothing of the run was held back
   */
  public record Result(VersionEdit edit, long fileNumber, int views, long bytes, boolean whole) {}

  private Admission() {}

  /**
   * Plans the next admission.
   *
   * @param runsCap most runs a slot may hold
   * @return the plan, or null if level 0 is empty or all that could go is held back
   */
  public static @Nullable Result plan(Version version, RunViews views, int runsCap) {
    VersionShape tree = new VersionShape(version, views);
    Plan<Run> plan = new Action.Admit(runsCap).plan(tree);
    if (plan == null) {
      return null;
    }
    VersionEdit edit = tree.edit(plan.apply(tree, tree.viewing()), null);
    int made = 0;
    long bytes = 0;
    for (VersionEdit.LevelRun added : edit.addedRuns) {
      if (added.level() == 1) {
        made++;
        bytes += added.run().bytes();
      }
    }
    return new Result(
        edit, plan.inputs().get(0).run().fileNumber(), made, bytes, made == edit.addedRuns.size());
  }
}
