package dev.atll.tree;

import dev.atll.api.StoreFailedException;
import dev.atll.env.SyncFailureException;
import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.observe.event.JobKind;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which the tree changes: log the edit, then publish the new state.
 *
 * <p>Two locks, always taken in this order. The install lock makes edits take turns and is held over
 * the manifest's sync; no reader and no writer waits for it. The state lock is held for the few
 * instructions that replace the published state; the committer takes it to rotate memtables.
 */
public final class TreeInstaller {
  private final VersionSet versions;
  private final TableCache tables;
  private final StateHolder states;
  private final Health health;
  private final Runnable afterPublish;

  /** An edit was logged and has not been published, nor will be, unless that is happening now. */
  private volatile boolean unpublished;

  // The loops were not told of a change; they wait for no clock, so somebody must tell them again.
  private volatile boolean wakeLost;
  private final Object installLock = new Object();
  private final Object stateLock = new Object();

  /** Creates it; {@code afterPublish} is called, without a lock, after each change of the state. */
  public TreeInstaller(
      VersionSet versions,
      TableCache tables,
      StateHolder states,
      Health health,
      Runnable afterPublish) {
    this.versions = versions;
    this.tables = tables;
    this.states = states;
    this.health = health;
    this.afterPublish = afterPublish;
  }

  /**
   * Makes an edit on the current version and installs it.
   *
   * @param source gets the current version and returns the edit for it, or null for no change; runs
   *     under the install lock
   * @return the new version, or null if there was no change
   */
  public @Nullable Version install(Function<Version, @Nullable VersionEdit> source) {
    return install(source, null);
  }

  /** As {@link #install(Function)}; the same publication drops a memtable that the edit flushed. */
  public @Nullable Version install(
      Function<Version, @Nullable VersionEdit> source, @Nullable Memtable flushed) {
    Version next;
    synchronized (installLock) {
      if (unpublished) {
        // Of an edit before; who reads the published tree would plan on what is gone, again and again.
        health.poison(new IllegalStateException("an edit was logged and could not be published"));
      }
      VersionEdit edit = source.apply(versions.current());
      if (edit == null) {
        return null;
      }
      // After a failed sync the next one may say it succeeded, and have done nothing.
      health.check();
      next = logged(edit);
      // From here on the edit is durable: whatever fails now must not pass for an edit that is not.
      // Set before the next call, which may find no stack left.
      unpublished = true;
      try {
        publish(next, flushed);
      } catch (Throwable e) {
        health.poison(e);
        throw e;
      }
    }
    wake();
    return next;
  }

  private void publish(Version next, @Nullable Memtable flushed) {
    tables.fit(next);
    ReadTree tree = ReadTree.of(next, states.peek().tree(), tables);
    synchronized (stateLock) {
      Memtable[] memtables = states.peek().memtables();
      if (flushed != null) {
        memtables = without(memtables, flushed);
      }
      states.publish(new ReadState(memtables, next, tree));
    }
    unpublished = false;
  }

  private Version logged(VersionEdit edit) {
    try {
      return versions.install(edit);
    } catch (Throwable e) {
      Throwable doubt = versions.failure();
      if (doubt != null) {
        health.poison(doubt);
      }
      throw e;
    }
  }

  /**
   * Whether writing has ended, or an edit failed so that nobody knows if it is on disk, or is in force:
   * then neither what it adds nor what it takes away may be deleted (invariant I13).
   */
  public boolean isInDoubt() {
    return unpublished || health.isPoisoned() || versions.failure() != null;
  }

  /**
   * Whether files that a job made may be deleted: no edit that names one of them is in force, nor may
   * one turn up when the store is opened again. Waits for an edit that is just being installed.
   */
  public boolean mayDelete(Collection<Long> files) {
    synchronized (installLock) {
      return !isInDoubt() && files.stream().noneMatch(versions.current().files()::contains);
    }
  }

  /** Tells the loops what was published; it is, so that a failure to tell changes nothing. */
  private void wake() {
    try {
      afterPublish.run();
    } catch (Throwable e) {
      wakeLost = true;
    }
  }

  /** Tells the loops again if that failed after an earlier change. Called now and then. */
  public void wakeAgain() {
    if (wakeLost) {
      wakeLost = false;
      wake();
    }
  }

  /** A compaction failed, and will be tried again. */
  public void jobFailed(Throwable cause) {
    health.jobFailed(JobKind.COMPACTION, cause);
  }

  /** Ends writing if that is what a failure means: a sync failed, of a file that no edit names yet. */
  public void failed(IOException e) {
    if (e instanceof SyncFailureException) {
      health.poison(e);
    }
  }

  /**
   * Passes while writing goes on.
   *
   * @throws StoreFailedException with the failure that ended it
   */
  public void requireWriting() {
    health.check();
  }

  /** Puts a new memtable in front; the one that was active takes no more writes. */
  public void rotate(Memtable fresh) {
    synchronized (stateLock) {
      ReadState now = states.peek();
      Memtable[] memtables = new Memtable[now.memtables().length + 1];
      memtables[0] = fresh;
      System.arraycopy(now.memtables(), 0, memtables, 1, memtables.length - 1);
      states.publish(new ReadState(memtables, now.version(), now.tree()));
    }
    wake();
  }

  private static Memtable[] without(Memtable[] memtables, Memtable gone) {
    List<Memtable> rest = new ArrayList<>(List.of(memtables));
    boolean removed = rest.remove(gone);
    assert removed && !rest.isEmpty() : "only a sealed memtable can be flushed";
    return rest.toArray(new Memtable[0]);
  }
}
