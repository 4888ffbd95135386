package dev.atll.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The disk below a directory.
 *
 * @param number major and minor number of the whole disk, by which the kernel counts; that of the
 *     file system where no disk is known, as with btrfs
 * @param source what is mounted, such as {@code /dev/sda1}
 * @param fileSystem name of the file system
 * @param readAheadKib how much the kernel reads ahead of a sequential reader and around a page
 *     fault; -1 if it does not tell
 */
record BlockDevice(String number, String source, String fileSystem, long readAheadKib) {
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  /**
   * Finds it.
   *
   * @param directory an existing directory
   * @param proc {@code /proc}
   * @param sys {@code /sys}
   */
  static BlockDevice of(Path directory, Path proc, Path sys) throws IOException {
    MountTable.Mount mount =
        MountTable.read(proc)
            .holding(directory.toRealPath())
            .orElseThrow(() -> new IOException(directory + ": no mount is known that holds it"));
    String disk = wholeDisk(mount.device(), sys);
    return new BlockDevice(
        disk, mount.source(), mount.type(), readAhead(mount.device(), disk, sys));
  }

  /** Whether files there are in memory, and so no measure of a disk. */
  boolean isMemory() {
    return IN_MEMORY.contains(fileSystem);
  }

  private static String wholeDisk(String number, Path sys) throws IOException {
    Path device = sys.resolve("dev/block").resolve(number);
    if (!Files.exists(device.resolve("partition"))) {
      return number;
    }
    Path parent = device.toRealPath().getParent();
    Path of = parent == null ? device : parent.resolve("dev");
    return Files.exists(of) ? Files.readString(of).strip() : number;
  }

  private static long readAhead(String number, String disk, Path sys) throws IOException {
    for (Path place :
        new Path[] {
          sys.resolve("class/bdi").resolve(number).resolve("read_ahead_kb"),
          sys.resolve("dev/block").resolve(disk).resolve("queue/read_ahead_kb"),
          sys.resolve("class/bdi").resolve(disk).resolve("read_ahead_kb")
        }) {
      Optional<Long> found = IoUse.number(place);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return -1;
  }
}
