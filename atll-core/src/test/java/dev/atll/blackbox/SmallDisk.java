package dev.atll.blackbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few mebibytes, which only root can mount. */
final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** Mounts it, or has the test skipped, with the reason, where that is not possible. */
  static SmallDisk mount(Path at, long bytes) throws IOException, InterruptedException {
    Files.createDirectories(at);
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "atll-test", at.toString());
    if (refusal != null) {
      String message = "SKIPPED, needs root to mount a small disk: " + refusal;
      System.out.println(message);
      Assumptions.abort(message);
    }
    return new SmallDisk(at);
  }

  Path path() {
    return path;
  }

  /** Makes it larger, as if files of others had been deleted. */
  void grow(long bytes) throws IOException, InterruptedException {
    require(run("mount", "-o", "remount,size=" + bytes, path.toString()));
  }

  void makeReadOnly() throws IOException, InterruptedException {
    require(run("mount", "-o", "remount,ro", path.toString()));
  }

  @Override
  public void close() throws IOException {
    try {
      if (run("umount", path.toString()) != null) {
        // A mapping that is still open keeps the plain way closed.
        require(run("umount", "-l", path.toString()));
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted; still mounted: " + path, e);
    }
  }

  private static void require(String refusal) throws IOException {
    if (refusal != null) {
      throw new IOException(refusal);
    }
  }

  /** Runs a command; null if it did its work, else what it said. */
  private static String run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? null : List.of(command) + ": " + said.strip();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
