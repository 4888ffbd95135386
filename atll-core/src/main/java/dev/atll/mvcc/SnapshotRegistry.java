package dev.atll.mvcc;

import dev.atll.api.RevisionUnavailableException;
import dev.atll.version.RevisionGaps;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The revisions that readers hold, and the floor below which versions may be dropped. Thread-safe;
 * one short lock, taken by snapshots and by jobs, never by a get.
 *
 * <p>Invariant I6: the floor never decreases, and a snapshot is registered before any job samples a
 * floor above it. So a registered snapshot keeps its answers, and a read at or above the floor sees
 * every version it needs.
 */
public final class SnapshotRegistry {
  private final LongSupplier visibleRevision;
  private final long retainedRevisions;
  private final RevisionGaps gaps;
  private final TreeMap<Long, Integer> held = new TreeMap<>();
  private long floor;

  /**
   * Creates it.
   *
   * @param visibleRevision the newest visible revision, asked under this object's lock
   * @param retainedRevisions how many revisions that exist stay readable below the newest one
   * @param floor the floor that earlier jobs already worked with
   * @param gaps revisions that no write has: retention does not count them
   */
  public SnapshotRegistry(
      LongSupplier visibleRevision, long retainedRevisions, long floor, RevisionGaps gaps) {
    this.visibleRevision = visibleRevision;
    this.retainedRevisions = retainedRevisions;
    this.floor = floor;
    this.gaps = gaps;
  }

  /** Holds the newest visible revision and returns it. */
  public synchronized long holdVisible() {
    long revision = visibleRevision.getAsLong();
    held.merge(revision, 1, Integer::sum);
    return revision;
  }

  /**
   * Holds a past revision.
   *
   * @throws RevisionUnavailableException if versions it needs may be gone, or it is in the future
   */
  public synchronized void hold(long revision) {
    long visible = visibleRevision.getAsLong();
    if (revision > visible || (revision < floor && !held.containsKey(revision))) {
      throw new RevisionUnavailableException(revision, floor, visible);
    }
    held.merge(revision, 1, Integer::sum);
  }

  /** Lets go of one hold. */
  public synchronized void release(long revision) {
    Integer left = held.computeIfPresent(revision, (r, n) -> n == 1 ? null : n - 1);
    assert left == null || left > 0 : "released too often: " + revision;
  }

  /** Samples what a job must keep: raises the floor as far as retention allows. */
  public synchronized Retention sample() {
    floor = Math.max(floor, reachable());
    long[] revisions = new long[held.headMap(floor).size()];
    int i = 0;
    for (Map.Entry<Long, Integer> e : held.headMap(floor).entrySet()) {
      revisions[i++] = e.getKey();
    }
    return new Retention(floor, revisions);
  }

  /** The oldest revision that can be read without being held already. */
  public synchronized long floor() {
    return floor;
  }

  /** The revision up to which a job that began now might drop what newer entries replaced. */
  public synchronized long droppableUpTo() {
    long droppable = Math.max(floor, reachable());
    return held.isEmpty() ? droppable : Math.min(droppable, held.firstKey());
  }

  private long reachable() {
    return gaps.floor(visibleRevision.getAsLong(), retainedRevisions);
  }

  /** How many holds there are. */
  public synchronized int count() {
    int sum = 0;
    for (int n : held.values()) {
      sum += n;
    }
    return sum;
  }
}
