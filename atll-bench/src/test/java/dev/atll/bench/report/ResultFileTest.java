package dev.atll.bench.report;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ResultFileTest {
  @TempDir private Path dir;

  private static void write(Path file, String text) throws IOException {
    try (ResultFile result = ResultFile.prepare(file)) {
      result.write(text);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aFileIsReplacedWholeOrStaysAsItWas() throws IOException {
    Path file = dir.resolve("out.json");
    write(file, "first");
    assertEquals("first", Files.readString(file));
    try (ResultFile unwritten = ResultFile.prepare(file)) {
      assertFalse(unwritten.isStandardOutput());
      assertEquals("first", Files.readString(file));
    }
    assertEquals("first", Files.readString(file));
    write(file, "second");
    assertEquals("second", Files.readString(file));
    assertEquals(List.of("out.json"), names());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void permissionsAndOtherNamesOfAFileStay() throws IOException {
    Path file = dir.resolve("out.json");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    write(file, "new");
    assertEquals(
        "rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Path other = Files.createLink(dir.resolve("other.json"), file);
    write(file, "newer");
    assertEquals("newer", Files.readString(other));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void linksStayLinks() throws IOException {
    Path target = dir.resolve("below/target.json");
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("below/target.json"));
    Path second = Files.createSymbolicLink(dir.resolve("second"), link);
    write(second, "dangling at first");
    assertEquals("dangling at first", Files.readString(target));
    write(second, "there now");
    assertEquals("there now", Files.readString(target));
    assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second));
    Path loop = dir.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertThrows(IOException.class, () -> ResultFile.prepare(loop));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeStaysAPipeAndGetsTheResult() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                return e.toString();
              }
            });
    write(pipe, "through it");
    assertEquals("through it", read.get(20, SECONDS));
    assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    assertEquals(List.of("pipe"), names());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void devicesStayAndStandardOutputIsKnownByAllItsNames() throws IOException {
    write(Path.of("/dev/null"), "nothing");
    assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("/dev/stdout"));
    for (String name : List.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")) {
      try (ResultFile result = ResultFile.prepare(Path.of(name))) {
        assertTrue(result.isStandardOutput(), name);
      }
    }
    try (ResultFile result = ResultFile.prepare(link)) {
      assertTrue(result.isStandardOutput());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPlaceThatCannotBeWrittenIsNoticedBeforehandByNameAndReason() {
    for (String place :
        List.of("/proc/x.json", "/dev/null/x.json", dir.toString(), "/proc/version/x")) {
      IOException e =
          assertThrows(IOException.class, () -> ResultFile.prepare(Path.of(place)), place);
      String text = Failures.describe(e);
      assertTrue(text.startsWith(place + ": "), text);
      assertTrue(text.length() > place.length() + 5, text);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDeviceIsToldByNameAndReason() throws IOException {
    try (ResultFile full = ResultFile.prepare(Path.of("/dev/full"))) {
      IOException e = assertThrows(IOException.class, () -> full.write("x"));
      assertTrue(Failures.describe(e).startsWith("/dev/full: not written: "), e.toString());
    }
  }
}
