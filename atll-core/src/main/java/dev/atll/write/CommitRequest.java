package dev.atll.write;

import dev.atll.api.Durability;
import dev.atll.base.Keys;
import org.jspecify.annotations.Nullable;

/**
 * One caller's batch on its way through a commit. Belongs to the caller's thread, which re-uses it;
 * the leader of the group fills in the outcome and then sets {@link #done}.
 */
final class CommitRequest {
  byte[] batch = Keys.EMPTY;
  int length;
  int changes;
  Durability durability = Durability.OS;
  boolean onlyDeletes;
  Thread owner = Thread.currentThread();

  int uses;
  long revision;
  @Nullable Throwable failure;
  volatile boolean done;

  void prepare(
      byte[] newBatch, int newLength, int newChanges, Durability newDurability, boolean deletes) {
    batch = newBatch;
    length = newLength;
    changes = newChanges;
    durability = newDurability;
    onlyDeletes = deletes;
    owner = Thread.currentThread();
    revision = 0;
    failure = null;
    done = false;
  }
}
