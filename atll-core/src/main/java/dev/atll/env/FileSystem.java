package dev.atll.env;

import java.io.IOException;
import java.nio.file.Path;

/** Directories of files. Safe for use by many threads. */
public interface FileSystem {
  /**
   * Opens a directory.
   *
   * @param directory the directory; its parents may be symbolic links
   * @param create whether to create it, and its missing parents, readable by the owner only (0700);
   *     the entries made are then on disk when this returns
   * @return the directory, to be closed by the caller
   * @throws java.nio.file.NoSuchFileException if it does not exist and {@code create} is false
   * @throws java.nio.file.NotDirectoryException if it is something else than a directory
   * @throws IOException if it cannot be opened or created
   */
  Storage open(Path directory, boolean create) throws IOException;
}
