package dev.atll.bench.store;

/**
 * Folds the entries of a scan into one number. It looks at the whole length and the first bytes of
 * key and value: enough to make each engine bring both to the reader, and to tell results apart.
 */
public final class ScanChecksum {
  private long sum;
  private long bytes;

  /** A checksum of nothing. */
  public ScanChecksum() {}

  /**
   * Folds one entry in.
   *
   * @param keyHead the first 8 bytes of the key, little-endian; 0 if it is shorter
   * @param valueHead the same of the value
   * @param lengths length of the key plus length of the value
   */
  public void add(long keyHead, long valueHead, long lengths) {
    sum = (sum * 31 + keyHead) * 31 + valueHead + lengths;
    bytes += lengths;
  }

  /** Bytes of all keys and values so far. */
  public long bytes() {
    return bytes;
  }

  /** The number so far. */
  public long sum() {
    return sum;
  }
}
