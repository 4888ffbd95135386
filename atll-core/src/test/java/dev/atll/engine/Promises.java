package dev.atll.engine;

import dev.atll.api.AtllDb;

/** What a store's jobs have been promised of the disk. */
public final class Promises {
  private Promises() {}

  /** Bytes that jobs under way have yet to write; 0 where none is. */
  public static long bytes(AtllDb db) {
    return ((Engine) db).parts.disk.promisedBytes();
  }
}
