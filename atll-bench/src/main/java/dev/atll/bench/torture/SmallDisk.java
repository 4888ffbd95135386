package dev.atll.bench.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A memory disk of a size drawn anew for each process, from a page beyond what is used to a few
 * mebibytes: any write of the store may be the one that finds it full. Then it grows, as when an
 * operator frees space, and the store has to open.
 */
final class SmallDisk implements Attack, AutoCloseable {
  private static final long PAGE_BYTES = 4 << 10;
  private static final int DOUBLINGS_MAX = 10;
  private static final long ROOM_BYTES = 64L << 20;

  private final Path disk;
  private final SplittableRandom random;

  private SmallDisk(Path disk, long seed) {
    this.disk = disk;
    this.random = new SplittableRandom(seed);
  }

  /** Why there can be none here, or null if there can. */
  static @Nullable String obstacle() {
    return LoopDevice.obstacle(List.of("mount", "umount"));
  }

  static SmallDisk make(Path base, long seed) throws IOException, InterruptedException {
    Path disk = Files.createDirectories(base.resolve("disk"));
    LoopDevice.run(
        "mount", "-t", "tmpfs", "-o", "size=" + ROOM_BYTES, "atll-torture", disk.toString());
    return new SmallDisk(disk, seed);
  }

  Path mountPoint() {
    return disk;
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    // Small sizes as often as large ones: the first writes of a process are of many kinds.
    long most = PAGE_BYTES << random.nextInt(DOUBLINGS_MAX + 1);
    resize(used() + PAGE_BYTES + random.nextLong(most));
  }

  @Override
  public void strike(Process process) {}

  @Override
  public void recover() throws IOException, InterruptedException {
    resize(used() + ROOM_BYTES);
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public long waitMillis() {
    return 5_000;
  }

  private long used() throws IOException {
    var store = Files.getFileStore(disk);
    return store.getTotalSpace() - store.getUsableSpace();
  }

  private void resize(long bytes) throws IOException, InterruptedException {
    LoopDevice.run("mount", "-o", "remount,size=" + bytes, disk.toString());
  }

  @Override
  public void close() throws IOException {
    try {
      LoopDevice.run("umount", disk.toString());
    } catch (InterruptedException e) {
      throw new IOException("interrupted; still mounted: " + disk, e);
    }
    Files.delete(disk);
  }
}
