package dev.atll.mvcc;

import java.util.Arrays;

/**
 * What a job must keep of the versions of a key: all above the floor, and for the floor and each
 * older revision held, the newest version at or below it. Immutable.
 */
public final class Retention {
  private final long floor;
  private final long[] heldBelow;

  /**
   * Creates it.
   *
   * @param floor reads at or above this revision must see what they saw
   * @param heldBelow revisions below the floor that readers hold, ascending
   */
  public Retention(long floor, long[] heldBelow) {
    this.floor = floor;
    this.heldBelow = heldBelow;
    for (int i = 0; i < heldBelow.length; i++) {
      assert heldBelow[i] < floor && (i == 0 || heldBelow[i - 1] < heldBelow[i]);
    }
  }

  /** Reads at or above this revision must see what they saw. */
  public long floor() {
    return floor;
  }

  /** The oldest revision that anyone may read at. */
  public long oldestHeld() {
    return heldBelow.length == 0 ? floor : heldBelow[0];
  }

  /**
   * Whether a version may go, given the next newer version of the same key.
   *
   * @param revision revision of the version in question
   * @param newerRevision revision of the next newer version, or {@link Long#MAX_VALUE} if it is the
   *     newest
   * @return true if no reader at or above the floor, and no held revision, sees the version
   */
  public boolean isShadowed(long revision, long newerRevision) {
    if (newerRevision > floor) {
      // Seen by reads from revision to newerRevision - 1, of which the floor or later is one,
      // unless the version itself is above the floor; either way it stays.
      return false;
    }
    // Readers left are those held in [revision, newerRevision).
    int at = Arrays.binarySearch(heldBelow, revision);
    int first = at >= 0 ? at : -at - 1;
    return first == heldBelow.length || heldBelow[first] >= newerRevision;
  }
}
