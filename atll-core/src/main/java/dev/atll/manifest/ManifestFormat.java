package dev.atll.manifest;

import java.util.Locale;

/** Names, numbers and limits of the manifest files; the bytes are in context/formats/manifest.md. */
public final class ManifestFormat {
  /** The file that names the manifest in force. */
  public static final String CURRENT = "CURRENT";

  /** What {@link #CURRENT} is written as before it is renamed. */
  public static final String CURRENT_TMP = "CURRENT.tmp";

  /** What the names of manifests begin with. */
  public static final String PREFIX = "MANIFEST-";

  /** Version of the format that is written; older and equal ones are read. */
  static final int FORMAT_VERSION = 1;

  /** Required features this version knows: none yet. */
  static final long KNOWN_REQUIRED_FEATURES = 0;

  /** Most guard-cut levels a manifest may tell of. */
  static final int LEVELS_MAX = 64;

  /** Longest key bound a manifest may hold, in bytes; keys are limited further by options. */
  static final int KEY_BYTES_MAX = 1 << 24;

  /** Kinds of records, as the record layer's type byte. */
  static final int RECORD_HEADER = 1;

  static final int RECORD_EDIT = 2;
  static final int RECORD_SYNCED = 3;

  /** Tags of the items of an edit. */
  static final int NEXT_NUMBER = 1;

  static final int RESERVED_REVISION = 2;
  static final int FLUSHED_REVISION = 3;
  static final int FIRST_LOG_SEGMENT = 4;
  static final int RETAINED_FLOOR = 5;
  static final int ADDED_FILE = 16;
  static final int REMOVED_GUARD = 17;
  static final int ADDED_GUARD = 18;
  static final int REMOVED_RUN = 19;
  static final int ADDED_RUN = 20;
  static final int REVISION_GAP = 21;
  // As the ones above, with keys by their place in the table that comes before them.
  static final int KEYS = 22;
  static final int REMOVED_GUARD_BY_PLACE = 23;
  static final int ADDED_GUARD_BY_PLACE = 24;
  static final int ADDED_RUN_BY_PLACE = 25;

  private static final int NUMBER_DIGITS = 12;

  private ManifestFormat() {}

  /** The name of the manifest with this number. */
  public static String name(long number) {
    return String.format(Locale.ROOT, "%s%012d", PREFIX, number);
  }

  /** The number in a manifest's name, or -1 if it is no such name. */
  public static long number(String name) {
    if (!name.startsWith(PREFIX)) {
      return -1;
    }
    String digits = name.substring(PREFIX.length());
    if (digits.length() < NUMBER_DIGITS || digits.length() > 18) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    long number = Long.parseLong(digits);
    // One name per number: a name with needless zeros is somebody else's.
    return name.equals(name(number)) ? number : -1;
  }
}
