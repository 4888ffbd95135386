package dev.atll.wal;

/**
 * One log segment.
 *
 * @param number names the file
 * @param firstRevision lowest revision in it; 0 when it holds none
 * @param lastRevision no revision above this one is in it or in an older segment
 * @param length bytes that count, from the start
 */
public record WalSegment(long number, long firstRevision, long lastRevision, long length) {
  /** The file's name in the store's directory. */
  public String fileName() {
    return WalFiles.name(number);
  }
}
