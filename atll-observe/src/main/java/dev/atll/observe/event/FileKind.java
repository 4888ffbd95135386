package dev.atll.observe.event;

/** The kinds of file a store owns. */
public enum FileKind {
  /** A segment of the write-ahead log. */
  WAL,
  /** A sorted table. */
  TABLE,
  /** The log of version edits. */
  MANIFEST,
  /** The pointer to the manifest in force. */
  CURRENT,
  /** A segment of separated values. */
  VALUE_LOG,
  /** Any other file of the store. */
  OTHER
}
