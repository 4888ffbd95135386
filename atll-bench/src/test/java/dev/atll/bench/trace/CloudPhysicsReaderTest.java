package dev.atll.bench.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudPhysicsReaderTest {
  private static final String HEADER = "version,time,op,size,lbn\n";

  private static BlockTrace parse(String lines) throws IOException {
    return CloudPhysicsReader.parse(new StringReader(HEADER + lines), "test");
  }

  @Test
  void requestsTouchAllUnitsThatTheyOverlap() throws IOException {
    BlockTrace trace =
        parse(
            """
            1,10,2a,512,0
            1,11,28,4096,8
            1,12,2a,4096,9
            1,13,2a,6656,7
            1,14,28,1,15
            """);
    assertEquals(5, trace.size());
    assertEquals(3, trace.writeCount());
    assertRequest(trace, 0, 0, 1, true);
    assertRequest(trace, 1, 1, 1, false);
    // 4096 bytes from block 9 reach from unit 1 into unit 2.
    assertRequest(trace, 2, 1, 2, true);
    // Bytes 3584 to 10239.
    assertRequest(trace, 3, 0, 3, true);
    assertRequest(trace, 4, 1, 1, false);
  }

  private static void assertRequest(BlockTrace trace, int i, long first, int count, boolean write) {
    assertEquals(first, trace.firstUnit(i));
    assertEquals(count, trace.unitCount(i));
    assertEquals(write, trace.isWrite(i));
  }

  @Test
  void otherOperationsAreCountedAndLeftOut() throws IOException {
    BlockTrace trace = parse("1,1,2A,512,0\n1,2,35,512,0\n1,3,28,0,0\n");
    assertEquals(1, trace.size());
    assertTrue(trace.isWrite(0));
    assertEquals(2, trace.skipped());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,1,2a,512", "1,1,2a,x,0", "1,1,2a,512,-1", "1,1,28,-5,1", "junk"})
  void whatIsNoRequestIsNamedByItsLine(String line) {
    IOException e = assertThrows(IOException.class, () -> parse("1,1,2a,512,0\n" + line + "\n"));
    assertTrue(e.getMessage().contains("line 3"), e.getMessage());
  }

  @Test
  void gzippedAndPlainFilesReadAlike(@TempDir Path dir) throws IOException {
    String text = HEADER + "1,1,2a,512,0\n1,2,28,512,8\n";
    Path plain = dir.resolve("plain.csv");
    Files.writeString(plain, text);
    Path zipped = dir.resolve("zipped");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(2, CloudPhysicsReader.read(plain).size());
    BlockTrace trace = CloudPhysicsReader.read(zipped);
    assertEquals(2, trace.size());
    assertFalse(trace.isWrite(1));
    assertEquals(1, trace.firstUnit(1));
  }

  @Test
  void readsAndWritesOfEveryLengthAreReadsAndWrites() throws IOException {
    for (String read : List.of("08", "28", "a8", "88", "0x88", "A8", "READ", "read", "R")) {
      BlockTrace trace = parse("1,1," + read + ",512,0\n");
      assertEquals(1, trace.size(), read);
      assertFalse(trace.isWrite(0), read);
    }
    for (String write :
        List.of("0a", "2a", "aa", "8a", "0X8A", "2e", "ae", "8e", "WRITE", "w")) {
      BlockTrace trace = parse("1,1," + write + ",512,0\n");
      assertEquals(1, trace.size(), write);
      assertTrue(trace.isWrite(0), write);
    }
  }

  @Test
  void whatIsSkippedIsCountedByItsReason() throws IOException {
    BlockTrace trace =
        parse("1,1,2a,512,0\n1,2,35,0,0\n1,3,35,0,0\n1,4,42,9999999999,0\n1,5,28,0,0\n");
    assertEquals(
        Map.of("operation 35", 2L, "operation 42", 1L, "size 0", 1L), trace.skippedByReason());
    assertEquals(0.8, trace.skippedShare());
    assertTrue(trace.skippedText().startsWith("skipped 4 of 5 rows (80.0 %)"), trace.skippedText());
    assertTrue(trace.skippedText().contains("operation 35 × 2"), trace.skippedText());
    IOException e = assertThrows(IOException.class, () -> trace.requireComplete("x.csv", 0.05));
    assertTrue(e.getMessage().startsWith("x.csv: skipped 4 of 5"), e.getMessage());
    trace.requireComplete("x.csv", 0.8);
  }

  @Test
  void otherFormatsAreRefusedAndNotSkipped() {
    for (String line :
        List.of(
            "0,20941264,8192,W,0.551706",
            "419,W,8792731648,16384,1577808144360767",
            "1538323200,12910952,128,0,1063",
            "1;1;2a;512;0",
            "1\t1\t2a\t512\t0")) {
      IOException e = assertThrows(IOException.class, () -> parse(line + "\n"), line);
      assertTrue(e.getMessage().contains("test, line 2"), e.getMessage());
    }
  }

  @Test
  void lineEndsBlankLinesCommentsAndTheByteOrderMarkDoNotMatter() throws IOException {
    String text =
        "\ufeff# w106\r\n\r\nVersion,time,op,size,lbn\r\n1,1,2a,512,0\r\n\n1, 2, 28 ,512,8";
    BlockTrace trace = CloudPhysicsReader.parse(new StringReader(text), "test");
    assertEquals(2, trace.size());
    assertEquals(0, trace.skipped());
  }

  @Test
  void filesThatCannotBeReadAreNamedWithTheReason(@TempDir Path dir) throws IOException {
    Path cut = dir.resolve("cut.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cut))) {
      out.write((HEADER + "1,1,2a,512,0\n").repeat(99).getBytes(StandardCharsets.US_ASCII));
    }
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(cut, "cut");
    assertRefused(dir, "directory");
    assertRefused(dir.resolve("absent.csv"), "absent.csv");
    Path packed = dir.resolve("packed");
    Files.write(packed, HexFormat.of().parseHex("28b52ffd0458"));
    assertRefused(packed, "zstd");
    Files.write(packed, ("\ufeff" + HEADER).getBytes(StandardCharsets.UTF_16LE));
    assertRefused(packed, "UTF-16");
    Files.write(packed, new byte[] {1, 2, 0, 3});
    assertRefused(packed, "no text");
  }

  private static void assertRefused(Path file, String reason) {
    IOException e = assertThrows(IOException.class, () -> CloudPhysicsReader.read(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}
