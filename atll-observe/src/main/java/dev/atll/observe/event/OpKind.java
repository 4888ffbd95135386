package dev.atll.observe.event;

/** The kinds of operation users call. */
public enum OpKind {
  /** Point lookup. */
  GET,
  /** Single write. */
  PUT,
  /** Single or range deletion. */
  DELETE,
  /** Cursor positioned and read. */
  SCAN,
  /** Atomic batch of several writes. */
  BATCH,
  /** Optimistic transaction. */
  COMMIT
}
