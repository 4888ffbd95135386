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
}
