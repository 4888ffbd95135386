package dev.atll.version;

import java.util.ArrayList;
import java.util.List;

/**
 * One change of the tree, written to the manifest as exactly one record and applied as a whole. Data
 * only: build it, hand it over, do not touch it again. Level 0 is the queue of flushed tables; levels
 * from 1 on are cut by guards.
 *
 * <p>Runs need no position: within a slot their revision intervals give the order.
 */
public final class VersionEdit {
  /** A run at a level. */
  public record LevelRun(int level, Run run) {}

  /** The id of a run at a level. */
  public record LevelRunId(int level, long runId) {}

  /** A guard of a level. */
  public record LevelGuard(int level, byte[] key) {}

  /** Runs that leave. */
  public final List<LevelRunId> removedRuns = new ArrayList<>();

  /** Runs that come. */
  public final List<LevelRun> addedRuns = new ArrayList<>();

  /** Guards that come; applied deepest level first, before runs are added. */
  public final List<LevelGuard> addedGuards = new ArrayList<>();

  /** Guards that go; applied after runs are removed, before runs are added. */
  public final List<LevelGuard> removedGuards = new ArrayList<>();

  /** Table files that runs of this edit refer to for the first time. */
  public final List<TableFile> addedFiles = new ArrayList<>();

  /** Numbers below this are used up (tables, logs, manifests, runs); 0 leaves it as it is. */
  public long nextNumber;

  /**
   * Revisions up to this may have been handed out; 0 leaves it as it is. Lower than before only when
   * the store is closed in good order.
   */
  public long reservedRevision;

  /** All revisions up to this are in tables; 0 leaves it as it is. */
  public long flushedRevision;

  /** Log segments below this number are not needed; 0 leaves it as it is. */
  public long firstLogSegment;

  /** Reads below this revision are refused, since versions may be gone; 0 leaves it as it is. */
  public long retainedFloor;

  /** Revisions that no write has and none will get, besides those known already. */
  public RevisionGaps gaps = RevisionGaps.NONE;

  /** Whether the tree's shape is left as it is, so that only numbers change. */
  public boolean isNumbersOnly() {
    return removedRuns.isEmpty()
        && addedRuns.isEmpty()
        && addedGuards.isEmpty()
        && removedGuards.isEmpty();
  }
}
