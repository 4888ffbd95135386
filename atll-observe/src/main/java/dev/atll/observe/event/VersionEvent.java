package dev.atll.observe.event;

/** Changes of the tree shape as the manifest records them. */
public sealed interface VersionEvent extends VizEvent {

  /** One edit became durable and current. */
  record Installed(
      long timeNanos,
      long versionId,
      int runsAdded,
      int runsRemoved,
      int guardsAdded,
      int guardsRemoved,
      long recordBytes,
      long nanos)
      implements VersionEvent {}

  /** A fresh manifest with a full image replaced the old one. */
  record ManifestRolled(long timeNanos, long fileNumber, long bytes, long nanos)
      implements VersionEvent {}

  /** Dead table files were unmapped and deleted. */
  record FilesDeleted(long timeNanos, int files, long bytes, long nanos) implements VersionEvent {}
}
