package dev.atll.manifest;

import dev.atll.version.Version;
import dev.atll.version.VersionEdit;

/**
 * Hears of changes once they are durable. Called under the lock of the {@link VersionSet}, so it must
 * be quick, and must not throw.
 */
public interface ManifestListener {
  /** Hears nothing. */
  ManifestListener NONE = new ManifestListener() {};

  /** The clock for durations; 0 for who does not want them. */
  default long nanoTime() {
    return 0;
  }

  /** An edit is durable and in force; its record is so long and took so long. */
  default void installed(Version version, VersionEdit edit, long recordBytes, long nanos) {}

  /** A manifest with the whole tree is in force. */
  default void rolled(long number, long bytes, long nanos) {}
}
