package dev.atll.bench.cli;

import dev.atll.bench.store.DiskUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Holds the directories of a command's stores: the user's own, kept, or a temporary one, deleted. */
final class WorkDirectory implements AutoCloseable {
  private final Path root;
  private final boolean temporary;

  private WorkDirectory(Path root, boolean temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  /**
   * Prepares the directory.
   *
   * @param given the user's choice; null for a temporary one
   * @param prefix begins a temporary one's name
   */
  static WorkDirectory at(@Nullable Path given, String prefix) {
    try {
      return given == null
          ? new WorkDirectory(Files.createTempDirectory(prefix), true)
          : new WorkDirectory(Files.createDirectories(given), false);
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the stores", e);
    }
  }

  /** The directory itself. */
  Path root() {
    return root;
  }

  /**
   * The path of a store to be made.
   *
   * @throws IllegalStateException if it exists already: a run must not mix with what another left
   */
  Path fresh(String name) {
    Path path = root.resolve(name);
    if (Files.exists(path)) {
      throw new IllegalStateException(path + " exists already; give another --dir");
    }
    return path;
  }

  /**
   * A directory that is made now.
   *
   * @throws IllegalStateException if it exists already
   */
  Path empty(String name) {
    try {
      return Files.createDirectory(fresh(name));
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the stores", e);
    }
  }

  /** Says that a store is closed and its report is written. */
  void release(Path path) {
    if (temporary) {
      DiskUsage.deleteTree(path);
    }
  }

  @Override
  public void close() {
    if (temporary) {
      DiskUsage.deleteTree(root);
    }
  }
}
