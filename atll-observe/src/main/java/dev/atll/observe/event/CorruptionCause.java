package dev.atll.observe.event;

/** What was wrong with stored bytes. */
public enum CorruptionCause {
  /** A checksum does not match. */
  CHECKSUM,
  /** The file ends too early. */
  TRUNCATED,
  /** A header, footer or field is malformed. */
  FORMAT,
  /** Keys or revisions are out of order. */
  ORDER,
  /** A file the manifest names is not there. */
  MISSING,
  /** Entries do not add up. */
  COUNT
}
