package dev.atll.bench.torture;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real file system in a file, mounted through a loop device, whose power can be cut: the kernel is
 * told to shut the file system down at once, without writing its log ({@code FS_IOC_SHUTDOWN}); what
 * it had not yet written to the device is gone, and mounting it again replays its journal. Needs
 * root, {@code mkfs} of the file system, and {@code xfs_io}, which sends that call to ext4 as well.
 */
final class LoopDevice implements Attack, AutoCloseable {
  // XFS takes no less than 300 MiB.
  private static final long IMAGE_BYTES = 320L << 20;

  private final Path image;
  private final Path mountPoint;

  private LoopDevice(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why power cannot be cut here, or null if it can. */
  static @Nullable String obstacle(String fileSystem) {
    @Nullable String obstacle =
        obstacle(List.of("mkfs." + fileSystem, "xfs_io", "mount", "umount"));
    if (obstacle != null) {
      return obstacle;
    }
    return Files.exists(Path.of("/dev/loop-control")) ? null : "needs loop devices";
  }

  /** Why these tools cannot be used as root here, or null if they can. */
  static @Nullable String obstacle(List<String> tools) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "needs root to mount file systems";
    }
    for (String tool : tools) {
      if (!isInstalled(tool)) {
        return "needs " + tool;
      }
    }
    return null;
  }

  private static boolean isInstalled(String tool) {
    String path = System.getenv("PATH");
    for (String directory : ((path == null ? "" : path) + ":/usr/sbin:/sbin").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, tool))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes and mounts one.
   *
   * @param fileSystem ext4 or xfs
   * @param base an existing directory for the image and the mount point
   */
  static LoopDevice make(String fileSystem, Path base) throws IOException, InterruptedException {
    Path image = base.resolve(fileSystem + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    run("mkfs." + fileSystem, "-q", fileSystem.equals("xfs") ? "-f" : "-F", image.toString());
    LoopDevice device =
        new LoopDevice(image, Files.createDirectories(base.resolve(fileSystem)));
    device.mount();
    return device;
  }

  Path mountPoint() {
    return mountPoint;
  }

  private void mount() throws IOException, InterruptedException {
    run("mount", "-o", "loop", image.toString(), mountPoint.toString());
  }

  /**
   * Stops the process, then cuts. A sync under way may return without error while the file system
   * shuts down, and have done nothing; where the power really goes, nobody is there to be told so.
   */
  @Override
  public void strike(Process process) throws IOException, InterruptedException {
    run("kill", "-STOP", Long.toString(process.pid()));
    run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
  }

  @Override
  public void recover() throws IOException, InterruptedException {
    run("umount", mountPoint.toString());
    mount();
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", mountPoint.toString());
    } catch (InterruptedException e) {
      throw new IOException("interrupted; still mounted: " + mountPoint, e);
    }
    Files.delete(image);
    Files.delete(mountPoint);
  }

  /** Runs a command to its end. */
  static void run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (a, b) -> a + ":" + b);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }
}
