package dev.atll.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a policy may look at when it decides.
 *
 * @param settings fixed numbers of the tree
 * @param costs prices of events
 * @param theta burden ÷ cost from which a merge is worth its bytes now, above 0: what a learner set,
 *     or the shadow price of bandwidth where that is higher
 * @param uniformRuns while it does not pay to treat slots apart, the number of runs that every slot of a
 *     level shall have, level 1 first; empty while it may pay
 * @param levelZero flushed runs not yet admitted, newest first
 * @param levels levels from 1 to the deepest
 */
public record TreeSnapshot(
    PolicySettings settings,
    UnitCosts costs,
    double theta,
    List<Integer> uniformRuns,
    List<RunFacts> levelZero,
    List<LevelFacts> levels) {
  /** Copies the lists. */
  public TreeSnapshot {
    uniformRuns = List.copyOf(uniformRuns);
    levelZero = List.copyOf(levelZero);
    levels = List.copyOf(levels);
  }

  /** A snapshot in which slots may be treated apart. */
  public TreeSnapshot(
      PolicySettings settings,
      UnitCosts costs,
      double theta,
      List<RunFacts> levelZero,
      List<LevelFacts> levels) {
    this(settings, costs, theta, List.of(), levelZero, levels);
  }

  /** The same tree under another threshold. */
  public TreeSnapshot withTheta(double next) {
    return new TreeSnapshot(settings, costs, next, uniformRuns, levelZero, levels);
  }

  /** A copy for who keeps it, or looks at all of it several times: the levels are as they are now. */
  TreeSnapshot fixed() {
    if (index() == null) {
      return this;
    }
    List<LevelFacts> copies = new ArrayList<>();
    for (LevelFacts level : levels) {
      copies.add(
          new LevelFacts(
              level.level(), level.bytesTarget(), level.slotCountTarget(), List.copyOf(level.slots())));
    }
    return new TreeSnapshot(settings, costs, theta, uniformRuns, levelZero, copies);
  }

  /** The index that it shows, or null if it is a tree of its own. */
  @Nullable TreeIndex index() {
    return !levels.isEmpty() && levels.get(0).slotList() instanceof LevelIndex level
        ? level.tree
        : null;
  }

  /** The level with this number, from 1. */
  public LevelFacts level(int level) {
    return levels.get(level - 1);
  }

  /** The number of the deepest level that holds a run; 0 if none does. */
  public int deepestLevelWithRuns() {
    for (int i = levels.size(); i >= 1; i--) {
      if (level(i).hasRuns()) {
        return i;
      }
    }
    return 0;
  }
}
