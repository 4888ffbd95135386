package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDeviceTest {
  @TempDir private Path dir;

  @Test
  void aPartitionIsCountedByItsDisk() throws IOException {
    FakeSystem system = new FakeSystem(dir);
    system.mounts(
        "1 0 8:9 / / rw - ext4 /dev/other rw",
        "26 1 254:1 / ROOT rw,relatime shared:1 - ext4 /dev/vda1 rw,discard",
        "27 26 0:9 / ROOT/with\\040blank rw - tmpfs tmpfs rw");
    system.file("sys/devices/vda/dev", "254:0\n");
    system.file("sys/devices/vda/vda1/partition", "1\n");
    Files.createDirectories(system.sys.resolve("dev/block"));
    Files.createSymbolicLink(
        system.sys.resolve("dev/block/254:1"), system.sys.resolve("devices/vda/vda1"));
    Files.createSymbolicLink(
        system.sys.resolve("dev/block/254:0"), system.sys.resolve("devices/vda"));
    Path data = system.directory("data");
    BlockDevice device = BlockDevice.of(data, system.proc, system.sys);
    assertEquals(new BlockDevice("254:0", "/dev/vda1", "ext4", -1), device);
    assertFalse(device.isMemory());

    system.file("sys/devices/vda/queue/read_ahead_kb", "128\n");
    assertEquals(128, BlockDevice.of(data, system.proc, system.sys).readAheadKib());
    // The file system's own setting goes before the disk's.
    system.file("sys/class/bdi/254:1/read_ahead_kb", "4096\n");
    assertEquals(4096, BlockDevice.of(data, system.proc, system.sys).readAheadKib());

    Path blank = system.directory("with blank/data");
    assertTrue(BlockDevice.of(blank, system.proc, system.sys).isMemory());
  }

  @Test
  void aDirectoryOfNoKnownMountIsRefused() throws IOException {
    FakeSystem system = new FakeSystem(dir);
    Path data = system.directory("data");
    IOException failure =
        assertThrows(
            IOException.class, () -> BlockDevice.of(data, system.proc, system.sys));
    assertTrue(failure.getMessage().contains(data.toString()), failure.getMessage());
  }
}
