package dev.atll.write;

import dev.atll.api.Durability;
import dev.atll.base.Keys;
import org.jspecify.annotations.Nullable;

/**
 * One caller's batch on its way through a commit. Belongs to the caller's thread, which re-uses it;
 * from {@link CommitQueue#enqueue} on it belongs to whoever leads, who fills in the outcome and then
 * sets {@link #done}.
 */
final class CommitRequest {
  /** What became of a request. */
  enum Fate {
    /** Nothing yet. */
    PENDING,
    /** It has its revision, is visible and as durable as asked for. */
    DONE,
    /** Nothing of it was done; the store goes on. */
    REFUSED,
    /** There was no room for it on the disk; the store goes on. */
    FULL,
    /** The store is closed. */
    CLOSED,
    /** Writing has ended; it may turn up when the store is opened again. */
    FAILED
  }

  byte[] batch = Keys.EMPTY;
  int length;
  Durability durability = Durability.OS;
  boolean onlyDeletes;
  Thread owner = Thread.currentThread();

  int uses;
  Fate fate = Fate.PENDING;
  long revision;
  @Nullable Throwable failure;

  /** The one behind it: in the queue, then in its group. */
  @Nullable CommitRequest next;

  volatile boolean done;

  /** Makes it the calling thread's next write. */
  void prepare(byte[] newBatch, int newLength, Durability newDurability, boolean deletes) {
    batch = newBatch;
    length = newLength;
    durability = newDurability;
    onlyDeletes = deletes;
    owner = Thread.currentThread();
    fate = Fate.PENDING;
    revision = 0;
    failure = null;
    next = null;
    done = false;
  }

  /** Ends it without success, unless it has its fate already. */
  void fail(Fate how, @Nullable Throwable why) {
    if (fate == Fate.PENDING) {
      failure = why;
      fate = how;
    }
  }

  /** Lets go of what the caller lent: a thread that never writes again must not keep a batch. */
  void release() {
    batch = Keys.EMPTY;
    length = 0;
    failure = null;
  }
}
