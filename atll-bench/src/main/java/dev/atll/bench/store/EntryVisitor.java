package dev.atll.bench.store;

/** Takes the entries of a range one after the other. */
@FunctionalInterface
public interface EntryVisitor {
  /**
   * Takes one entry.
   *
   * @param key the key, not shared with the store
   * @param value the value, not shared with the store
   */
  void entry(byte[] key, byte[] value);
}
