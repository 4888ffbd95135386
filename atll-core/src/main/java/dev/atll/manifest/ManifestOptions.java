package dev.atll.manifest;

import java.util.Locale;

/**
 * Sizes of the manifest.
 *
 * @param rollBytes bytes of edits after which a new manifest is begun, unless the snapshot at the
 *     head of the present one is longer: then as many as that; at least 1
 * @param numberStep how many numbers one reservation takes; a crash wastes at most as many. At least
 *     1
 */
public record ManifestOptions(long rollBytes, int numberStep) {
  /** 4 MiB of edits read back in well under a second; 1000 numbers last for hundreds of jobs. */
  public static final ManifestOptions DEFAULT = new ManifestOptions(4L << 20, 1000);

  /** Checks the ranges. */
  public ManifestOptions {
    if (rollBytes < 1 || numberStep < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rollBytes %d and numberStep %d must be at least 1",
              rollBytes, numberStep));
    }
  }
}
