package dev.atll.bench.trace;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads block traces of the CloudPhysics collection in their CSV form: {@code
 * version,time,op,size,lbn} with the SCSI operation code in hexadecimal, the size in bytes and the
 * address in blocks of 512 bytes. A first line of these names, blank lines and lines that begin
 * with {@code #} are no requests. Plain or gzipped, with line ends of any kind.
 *
 * <p>Which codes are reads and writes says {@code ScsiOperation}. Rows of other codes, and those of
 * size 0, are left out and counted by their reason ({@link BlockTrace#skippedByReason}); whatever
 * else is no request ends the reading with an error that names file and line.
 */
public final class CloudPhysicsReader {
  private static final int BLOCK_BYTES = 512;
  private static final int COLUMNS = 5;
  private static final long REQUEST_BYTES_MAX = 1L << 30;
  private static final long BLOCK_MAX = Long.MAX_VALUE / BLOCK_BYTES - REQUEST_BYTES_MAX;
  private static final int LINE_CHARS_SHOWN = 80;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private CloudPhysicsReader() {}

  /**
   * Reads a whole file.
   *
   * @param file the trace, gzipped or not, whatever its name; a pipe will do
   * @throws IOException if it cannot be read, or a line cannot be understood; the message names the
   *     file, and the line
   */
  public static BlockTrace read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a directory, not a trace");
    }
    try (InputStream raw = Files.newInputStream(file);
        Reader text = new InputStreamReader(TraceInput.plain(raw), StandardCharsets.UTF_8)) {
      return parse(text, file.toString());
    } catch (FileSystemException | FileNotFoundException | TraceLineException e) {
      throw e;
    } catch (EOFException e) {
      throw new IOException(file + ": the gzipped data end too early; the file is cut", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
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
    boolean headerMayCome = true;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
        line = line.substring(1);
      }
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      boolean header =
          headerMayCome && line.strip().toLowerCase(Locale.ROOT).startsWith("version");
      headerMayCome = false;
      if (header) {
        continue;
      }
      try {
        addLine(trace, line);
      } catch (IllegalArgumentException e) {
        throw new TraceLineException(
            String.format(
                Locale.ROOT,
                "%s, line %d: '%s' is no request (%s)",
                name, number, shown(line), e.getMessage()),
            e);
      }
    }
    return trace.build();
  }

  private static void addLine(BlockTrace.Builder trace, String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != COLUMNS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d columns with commas between, not the %d of version,time,op,size,lbn",
              cells.length, COLUMNS));
    }
    String op = cells[2].strip();
    ScsiOperation operation = ScsiOperation.parse(op);
    long bytes = number("size", cells[3], Long.MAX_VALUE);
    long block = number("lbn", cells[4], Long.MAX_VALUE);
    if (operation == ScsiOperation.OTHER) {
      trace.skip("operation " + ScsiOperation.label(op));
      return;
    }
    if (bytes == 0) {
      trace.skip("size 0");
      return;
    }
    if (bytes > REQUEST_BYTES_MAX) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "size %d, allowed 0 to %d", bytes, REQUEST_BYTES_MAX));
    }
    if (block > BLOCK_MAX) {
      throw new IllegalArgumentException(String.format(
          Locale.ROOT,
          "lbn %d, allowed 0 to %d",
          block, BLOCK_MAX));
    }
    long from = block * BLOCK_BYTES;
    long first = from / BlockTrace.UNIT_BYTES;
    long last = (from + bytes - 1) / BlockTrace.UNIT_BYTES;
    trace.add(first, (int) (last - first + 1), operation == ScsiOperation.WRITE);
  }

  private static long number(String column, String cell, long max) {
    String text = cell.strip();
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s is '%s', allowed are whole numbers from 0 to %d",
            column, shown(text), max));
  }

  /** A text that cannot disturb a terminal or fill it. */
  private static String shown(String text) {
    StringBuilder safe = new StringBuilder();
    text.chars()
        .limit(LINE_CHARS_SHOWN)
        .forEach(c -> safe.append(c < ' ' || c >= 0x7f ? '?' : (char) c));
    return text.length() > LINE_CHARS_SHOWN ? safe + "..." : safe.toString();
  }

  /** A line that cannot be understood; its message names the file already. */
  private static final class TraceLineException extends IOException {
    private static final long serialVersionUID = 1L;

    TraceLineException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
