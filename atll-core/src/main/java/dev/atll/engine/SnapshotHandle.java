package dev.atll.engine;

import dev.atll.api.Snapshot;
import dev.atll.api.StoreClosedException;
import dev.atll.mvcc.SnapshotRegistry;
import java.util.concurrent.atomic.AtomicBoolean;

/** A held revision. */
final class SnapshotHandle extends StoreView implements Snapshot {
  private final SnapshotRegistry registry;
  private final OpenHolds holds;
  private final long revision;
  private final long id;
  private final AtomicBoolean closed = new AtomicBoolean();

  SnapshotHandle(Readers readers, SnapshotRegistry registry, OpenHolds holds, long revision) {
    super(readers);
    this.registry = registry;
    this.holds = holds;
    this.revision = revision;
    try {
      this.id = holds.opened(revision);
    } catch (Throwable e) {
      // No memory, say. Nobody will close what nobody got, and it would keep all versions for ever.
      registry.release(revision);
      throw e;
    }
  }

  @Override
  long readRevision() {
    readers.checkOpen();
    if (closed.get()) {
      throw new StoreClosedException("snapshot of revision " + revision + " is closed");
    }
    return revision;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      registry.release(revision);
      holds.closed(id);
    }
  }
}
