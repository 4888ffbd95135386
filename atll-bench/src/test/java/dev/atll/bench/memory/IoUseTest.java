package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoUseTest {
  @TempDir private Path dir;

  @Test
  void ioStatIsReadByDevice() {
    List<String> lines =
        List.of(
            "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6",
            "254:0 rbytes=90112 wbytes=299008000 rios=22 wios=73 dbytes=0 dios=0",
            "254:1",
            "");
    assertEquals(Optional.of(new IoUse(90112, 299_008_000)), IoUse.ofIoStat(lines, "254:0"));
    assertEquals(Optional.of(new IoUse(0, 0)), IoUse.ofIoStat(lines, "254:1"));
    assertEquals(Optional.empty(), IoUse.ofIoStat(lines, "254:2"));
    assertEquals(Optional.empty(), IoUse.ofIoStat(List.of(), "254:0"));
  }

  @Test
  void blkioIsReadByDeviceAndKind() {
    List<String> lines =
        List.of(
            "8:0 Read 7",
            "254:0 Read 4096",
            "254:0 Write 8192",
            "254:0 Sync 8192",
            "254:0 Async 4096",
            "254:0 Discard 0",
            "254:0 Total 12288",
            "Total 12295");
    assertEquals(Optional.of(new IoUse(4096, 8192)), IoUse.ofBlkio(lines, "254:0"));
    assertEquals(Optional.of(new IoUse(7, 0)), IoUse.ofBlkio(lines, "8:0"));
    // What kernels say that count nothing until a rule was set.
    assertEquals(Optional.empty(), IoUse.ofBlkio(List.of("Total 0"), "254:0"));
  }

  @Test
  void aProcessIsNotChargedForPagesThatWereGivenUp() {
    List<String> lines =
        List.of(
            "rchar: 230704652",
            "wchar: 230686923",
            "syscr: 248",
            "syscw: 228",
            "read_bytes: 31555584",
            "write_bytes: 209731584",
            "cancelled_write_bytes: 31584");
    assertEquals(Optional.of(new IoUse(31_555_584, 209_700_000)), IoUse.ofProcess(lines));
    assertEquals(Optional.empty(), IoUse.ofProcess(List.of("rchar: 1", "nonsense")));
  }

  @Test
  void differencesAndSums() {
    assertEquals(new IoUse(5, 7), new IoUse(15, 27).since(new IoUse(10, 20)));
    assertEquals(new IoUse(25, 47), new IoUse(15, 27).plus(new IoUse(10, 20)));
  }

  @Test
  void aFileThatHoldsNoNumberGivesNone() throws IOException {
    Path file = Files.writeString(dir.resolve("n"), "8192\n");
    assertEquals(Optional.of(8192L), IoUse.number(file));
    Files.writeString(file, "max\n");
    assertEquals(Optional.empty(), IoUse.number(file));
    assertEquals(Optional.empty(), IoUse.number(dir.resolve("absent")));
    assertEquals(List.of(), IoUse.lines(dir.resolve("absent")));
  }
}
