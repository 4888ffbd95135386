package dev.atll.flush;

import dev.atll.tree.RunViews;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.ArrayList;
import java.util.List;
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
    List<Run> zero = version.levelZero();
    Level one = version.level(1);
    Guards guards = one.guards();
    // Slots behind a held-back part: nothing newer may pass it (invariant I4).
    boolean[] blocked = new boolean[guards.slotCount()];
    for (int i = zero.size() - 1; i >= 0; i--) {
      Run run = zero.get(i);
      VersionEdit edit = new VersionEdit();
      int made = 0;
      long bytes = 0;
      List<Run> heldBack = new ArrayList<>();
      int last = guards.lastSlotBelow(run.high());
      for (int s = guards.slotOf(run.low()); s <= last; s++) {
        boolean full = blocked[s] || one.slots().get(s).runs().size() >= runsCap;
        Run part = views.clip(run, guards.low(s), guards.high(s));
        if (part == null) {
          continue;
        }
        if (full) {
          heldBack.add(part);
          blocked[s] = true;
        } else {
          edit.addedRuns.add(new VersionEdit.LevelRun(1, part));
          made++;
          bytes += part.bytes();
        }
      }
      if (made > 0 || heldBack.isEmpty()) {
        edit.removedRuns.add(new VersionEdit.LevelRunId(0, run.id()));
        heldBack.forEach(part -> edit.addedRuns.add(new VersionEdit.LevelRun(0, part)));
        return new Result(edit, run.fileNumber(), made, bytes, heldBack.isEmpty());
      }
    }
    return null;
  }
}
