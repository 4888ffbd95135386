package dev.atll.bench.trace;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads block traces of the CloudPhysics collection in their CSV form: a header line, then {@code
 * version,time,op,size,lbn} with the SCSI operation code in hexadecimal ({@code 2a} writes, {@code
 * 28} reads), the size in bytes and the address in blocks of 512 bytes. Plain or gzipped.
 */
public final class CloudPhysicsReader {
  private static final int BLOCK_BYTES = 512;
  private static final int COLUMNS = 5;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final long REQUEST_BYTES_MAX = 1L << 30;

  private CloudPhysicsReader() {}

  /**
   * Reads a whole file.
   *
   * @param file the trace, gzipped or not, whatever its name
   * @throws IOException if it cannot be read, or a line cannot be understood; the message names it
   */
  public static BlockTrace read(Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        Reader text = new InputStreamReader(unzipped(raw), StandardCharsets.US_ASCII)) {
      return parse(text, file.toString());
    }
  }

  /**
   * Parses the text of a trace.
   *
   * @param text the lines
   * @param name what messages call it
   * @throws IOException as {@link #read}
   */
  static BlockTrace parse(Reader text, String name) throws IOException {
    BlockTrace.Builder trace = new BlockTrace.Builder();
    BufferedReader lines = new BufferedReader(text, 1 << 16);
    long number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || (number == 1 && line.startsWith("version"))) {
        continue;
      }
      try {
        addLine(trace, line);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s, line %d: '%s' is no request (%s)",
                name, number, line, e.getMessage()),
            e);
      }
    }
    return trace.build();
  }

  private static void addLine(BlockTrace.Builder trace, String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != COLUMNS) {
      throw new IllegalArgumentException(cells.length + " columns, not " + COLUMNS);
    }
    String op = cells[2].strip();
    boolean write = op.equalsIgnoreCase("2a");
    if (!write && !op.equals("28")) {
      trace.skip();
      return;
    }
    long bytes = Long.parseLong(cells[3].strip());
    long block = Long.parseLong(cells[4].strip());
    if (block < 0 || block > Long.MAX_VALUE / BLOCK_BYTES - REQUEST_BYTES_MAX) {
      throw new IllegalArgumentException("address " + block);
    }
    if (bytes < 0 || bytes > REQUEST_BYTES_MAX) {
      throw new IllegalArgumentException("size " + bytes);
    }
    if (bytes == 0) {
      trace.skip();
      return;
    }
    long from = block * BLOCK_BYTES;
    long first = from / BlockTrace.UNIT_BYTES;
    long last = (from + bytes - 1) / BlockTrace.UNIT_BYTES;
    trace.add(first, (int) (last - first + 1), write);
  }

  private static InputStream unzipped(InputStream raw) throws IOException {
    raw.mark(2);
    boolean zipped = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
    raw.reset();
    return zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
  }
}
