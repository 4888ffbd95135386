package dev.atll.api;

import java.util.Locale;

/** A read asked for a revision that is already retired, or not yet visible. */
public final class RevisionUnavailableException extends AtllException {
  private static final long serialVersionUID = 1L;

  private final long revision;
  private final long oldestRevision;
  private final long visibleRevision;

  /** Creates it with the revision asked for and the range that can be read. */
  public RevisionUnavailableException(long revision, long oldestRevision, long visibleRevision) {
    super(
        String.format(
            Locale.ROOT,
            "revision %d cannot be read: readable are %d to %d (keep more with Options.retainedRevisions, or",
            revision, oldestRevision, visibleRevision)
            + " hold a Snapshot)",
        null);
    this.revision = revision;
    this.oldestRevision = oldestRevision;
    this.visibleRevision = visibleRevision;
  }

  /** The revision asked for. */
  public long revision() {
    return revision;
  }

  /** The oldest revision that can be read. */
  public long oldestRevision() {
    return oldestRevision;
  }

  /** The newest revision that can be read. */
  public long visibleRevision() {
    return visibleRevision;
  }
}
