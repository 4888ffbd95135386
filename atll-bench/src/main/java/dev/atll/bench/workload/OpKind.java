package dev.atll.bench.workload;

/** What an operation of a workload does. */
public enum OpKind {
  /** Reads a key that was written before. */
  GET,
  /** Reads a key that was never written. */
  GET_ABSENT,
  /** Reads several keys that were written before, in one call. */
  GET_MANY,
  /** Overwrites a key. */
  PUT,
  /** Writes a key for the first time. */
  INSERT,
  /** Deletes a key. */
  DELETE,
  /** Reads some entries in key order. */
  SCAN,
  /** Reads a key and then overwrites it. */
  READ_MODIFY_WRITE,
  /** Writes several keys as one batch. */
  BATCH;

  /** Whether it changes the store. */
  public boolean writes() {
    return switch (this) {
      case PUT, INSERT, DELETE, READ_MODIFY_WRITE, BATCH -> true;
      case GET, GET_ABSENT, GET_MANY, SCAN -> false;
    };
  }
}
