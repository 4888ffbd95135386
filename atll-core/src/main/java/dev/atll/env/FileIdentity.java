package dev.atll.env;

import org.jspecify.annotations.Nullable;

/**
 * What tells a file from another one of the same name.
 *
 * @param key the file system's own key of the file, or null where it has none. Stable while somebody
 *     has the file open; given to a later file after that
 * @param modifiedNanos when the content was last changed, as the file system tells
 * @param length in bytes
 */
public record FileIdentity(@Nullable Object key, long modifiedNanos, long length) {
  /** Whether this is surely the same file, unchanged since. */
  public boolean isUnchanged(FileIdentity earlier) {
    return key != null && equals(earlier);
  }

  /** Whether this is surely another file than one that has been open ever since. */
  public boolean isOther(FileIdentity open) {
    return key != null && open.key != null && !key.equals(open.key);
  }
}
