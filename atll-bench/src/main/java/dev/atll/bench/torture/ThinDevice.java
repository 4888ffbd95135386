package dev.atll.bench.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real file system on a device that turns out to be smaller than it said: the image lies on a
 * memory disk that runs full, so that the kernel cannot write back what it had taken, and a sync
 * fails. Then the disk grows and all is mounted again, as after an operator's repair.
 */
final class ThinDevice implements Attack, AutoCloseable {
  private static final long STEP_BYTES = 3L << 20;
  private static final long WHOLE_BYTES = 400L << 20;

  private final Path disk;
  private final LoopDevice device;

  private ThinDevice(Path disk, LoopDevice device) {
    this.disk = disk;
    this.device = device;
  }

  static ThinDevice make(String fileSystem, Path base) throws IOException, InterruptedException {
    Path disk = Files.createDirectories(base.resolve("disk"));
    LoopDevice.run(
        "mount", "-t", "tmpfs", "-o", "size=" + WHOLE_BYTES, "atll-torture", disk.toString());
    try {
      return new ThinDevice(disk, LoopDevice.make(fileSystem, disk));
    } catch (IOException e) {
      LoopDevice.run("umount", disk.toString());
      throw e;
    }
  }

  Path mountPoint() {
    return device.mountPoint();
  }

  private void resize(long bytes) throws IOException, InterruptedException {
    LoopDevice.run("mount", "-o", "remount,size=" + bytes, disk.toString());
  }

  /** Leaves a little room beyond what is used. */
  @Override
  public void prepare() throws IOException, InterruptedException {
    long used = Files.getFileStore(disk).getTotalSpace() - Files.getFileStore(disk).getUsableSpace();
    resize(used + STEP_BYTES);
  }

  @Override
  public void strike(Process process) {}

  @Override
  public void recover() throws IOException, InterruptedException {
    resize(WHOLE_BYTES);
    device.recover();
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  @Override
  public long waitMillis() {
    return 20_000;
  }

  @Override
  public void close() throws IOException {
    try {
      resize(WHOLE_BYTES);
      device.close();
      LoopDevice.run("umount", disk.toString());
    } catch (InterruptedException e) {
      throw new IOException("interrupted; still mounted: " + disk, e);
    }
    Files.delete(disk);
  }
}
