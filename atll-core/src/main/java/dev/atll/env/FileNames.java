package dev.atll.env;

import java.nio.file.Path;

/** The names a {@link Storage} accepts. */
public final class FileNames {
  /** The name of the lock file, which only {@link Storage#lock()} touches. */
  public static final String LOCK = "LOCK";

  /** The longest name, in characters: below the 255 bytes of common file systems. */
  public static final int LENGTH_MAX = 200;

  private FileNames() {}

  /**
   * Whether a name consists of 1 to {@value #LENGTH_MAX} ASCII letters, digits, dots, hyphens and
   * underscores, starts with a letter or digit, and is not the lock file's.
   */
  public static boolean isValid(String name) {
    int length = name.length();
    if (length == 0 || length > LENGTH_MAX || !isLetterOrDigit(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = name.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
        return false;
      }
    }
    // Opening and closing the lock file a second time would drop the lock (POSIX record locks).
    return !name.equalsIgnoreCase(LOCK);
  }

  /**
   * Returns a valid name, refuses any other.
   *
   * @throws IllegalArgumentException if the name is not valid
   */
  public static String check(String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException("not a legal file name: " + printable(name));
    }
    return name;
  }

  /** The last part of a path, checked. */
  public static String last(Path path) {
    Path name = path.getFileName();
    return check(name == null ? "" : name.toString());
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  // A hostile name must not write control characters into logs.
  private static String printable(String name) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(name.length(), LENGTH_MAX); i++) {
      char c = name.charAt(i);
      out.append(c >= ' ' && c < 127 ? c : '?');
    }
    return out.append('"').toString();
  }
}
