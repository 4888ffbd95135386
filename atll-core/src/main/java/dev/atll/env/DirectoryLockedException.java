package dev.atll.env;

import java.io.IOException;
import java.nio.file.Path;

/** A directory is locked already, by this process or another. */
public final class DirectoryLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;

  /**
   * Names the directory and its holder.
   *
   * @param path the directory
   * @param holder who holds the lock, such as {@code "this process"}
   */
  public DirectoryLockedException(Path path, String holder) {
    super("directory is locked by " + holder + ": " + path);
    this.path = path;
  }

  /** The directory. */
  public Path path() {
    return path;
  }
}
