package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import java.util.List;
import java.util.Locale;

/**
 * What a job meant to write, counted before it was encoded, against what its files hold, read back
 * from them: a bit that flips in between, in the encoder or on the way to the file, is found while
 * the inputs are still there. One a job; not thread-safe.
 */
public final class OutputCheck {
  private long entries;
  private long digest;
  private long foundEntries;
  private long foundDigest;

  /** Creates it, with nothing to be expected. */
  public OutputCheck() {}

  /** The digest of the entry that a cursor stands on. */
  public static long digest(EntryCursor entry) {
    return digest(entry, Keys.hash(entry.keyArray(), entry.keyOffset(), entry.keyLength()));
  }

  static long digest(EntryCursor entry, long keyHash) {
    return EntryDigest.of(
        keyHash,
        entry.revision(),
        entry.kind(),
        entry.valueSegment(),
        entry.valueOffset(),
        entry.valueLength());
  }

  /** The entry with this digest is about to be written. */
  public void expect(long entryDigest) {
    entries++;
    digest += entryDigest;
  }

  /** Entries expected so far. */
  public long entries() {
    return entries;
  }

  /**
   * Reads a finished table from its file: checksums, structure, order, filters and counts.
   *
   * @throws CorruptionException if anything is not as its writer said
   */
  public void read(TableReader table) {
    try {
      table.verifyWritten();
    } catch (CorruptionException e) {
      throw new CorruptionException(
          e.file(), e.offset(), "output verification failed: " + e.getMessage(), e);
    }
    foundEntries += table.info().entries();
    foundDigest += table.info().digest();
  }

  /**
   * Passes if the tables read hold what was expected, no more and no less.
   *
   * @param tables all of the job
   * @throws CorruptionException if not
   */
  public void passOrThrow(List<TableInfo> tables) {
    if (entries != foundEntries || digest != foundDigest) {
      String name = tables.isEmpty() ? "(no table)" : TableNames.fileName(tables.get(0).fileNumber());
      throw new CorruptionException(
          name,
          0,
          String.format(
              Locale.ROOT,
              "output verification failed: %d entries were meant to be written, %d are in %d tables%s",
              entries,
              foundEntries,
              tables.size(),
              entries == foundEntries ? ", but not the same ones" : ""));
    }
  }
}
