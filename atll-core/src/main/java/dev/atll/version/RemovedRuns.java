package dev.atll.version;

import dev.atll.version.VersionEdit.LevelRunId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The runs that an edit takes from one level, crossed off as they are met. For one thread. */
final class RemovedRuns {
  private final int level;
  private final long[] ids;
  private final boolean[] taken;
  private int left;

  /**
   * Those of a level.
   *
   * @throws IllegalArgumentException if one is named twice
   */
  RemovedRuns(int level, List<LevelRunId> removed) {
    this.level = level;
    this.ids =
        removed.stream().filter(r -> r.level() == level).mapToLong(LevelRunId::runId).sorted().toArray();
    this.taken = new boolean[ids.length];
    this.left = ids.length;
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw new IllegalArgumentException(
            "edit does not fit the tree: run " + ids[i] + " removed twice");
      }
    }
  }

  /** Whether none is left to be met. */
  boolean allTaken() {
    return left == 0;
  }

  /** Whether this run goes; its table is noted. */
  boolean take(Run run, Set<Long> tables) {
    if (left == 0) {
      return false;
    }
    int at = Arrays.binarySearch(ids, run.id());
    if (at < 0 || taken[at]) {
      return false;
    }
    taken[at] = true;
    left--;
    tables.add(run.fileNumber());
    return true;
  }

  /**
   * Asserts that the level had them all.
   *
   * @throws IllegalArgumentException if not
   */
  void requireAllTaken() {
    for (int i = 0; i < ids.length; i++) {
      if (!taken[i]) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "edit does not fit the tree: level %d has no run %d",
                level, ids[i]));
      }
    }
  }
}
