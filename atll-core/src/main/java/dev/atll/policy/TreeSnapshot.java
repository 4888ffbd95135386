package dev.atll.policy;

import java.util.List;

/**
 * Everything a policy may look at when it decides.
 *
 * @param settings fixed numbers of the tree
 * @param costs prices of events
 * @param theta burden ÷ cost from which a merge is worth its bytes now, above 0: what a learner set,
 *     or the shadow price of bandwidth where that is higher
 * @param levelZero flushed runs not yet admitted, newest first
 * @param levels levels from 1 to the deepest
 */
public record TreeSnapshot(
    PolicySettings settings,
    UnitCosts costs,
    double theta,
    List<RunFacts> levelZero,
    List<LevelFacts> levels) {
  /** Copies the lists. */
  public TreeSnapshot {
    levelZero = List.copyOf(levelZero);
    levels = List.copyOf(levels);
  }

  /** The level with this number, from 1. */
  public LevelFacts level(int level) {
    return levels.get(level - 1);
  }

  /** The number of the deepest level that holds a run; 0 if none does. */
  public int deepestLevelWithRuns() {
    for (int i = levels.size(); i >= 1; i--) {
      for (SlotFacts slot : level(i).slots()) {
        if (!slot.runs().isEmpty()) {
          return i;
        }
      }
    }
    return 0;
  }
}
