package dev.atll.recovery;

import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.version.RevisionGaps;
import dev.atll.wal.RecoveredLog;
import java.util.List;

/**
 * What a start found in the directory.
 *
 * @param versions the manifest, positioned at the last tree
 * @param log where the log goes on
 * @param memtables what the log held beyond the tables and was not flushed at once, newest first
 * @param memtablesMade the highest number that a memtable has had
 * @param lastFound the last revision that any write has, in tables or in the log
 * @param lastRevision revisions continue above this
 * @param fresh whether the store was made just now
 * @param orphans files deleted because no edit refers to them
 */
public record RecoveredStore(
    VersionSet versions,
    RecoveredLog log,
    List<Memtable> memtables,
    long memtablesMade,
    long lastFound,
    long lastRevision,
    boolean fresh,
    int orphans) {
  /** Revisions that no write has: those known before, and what the last unclean stop left out. */
  public RevisionGaps gaps() {
    return versions.current().gaps().plus(lastFound, lastRevision);
  }

  /** Copies the list. */
  public RecoveredStore {
    memtables = List.copyOf(memtables);
  }
}
