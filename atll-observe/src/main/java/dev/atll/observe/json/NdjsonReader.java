package dev.atll.observe.json;

import dev.atll.observe.EventListener;
import dev.atll.observe.event.Label;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording, part after part, in the order in which it was made.
 *
 * <p>Parts may be gzipped, their lines may end in CR LF, and blank lines and a byte order mark are
 * passed over: what tools and editors do to text. A last line that is cut is what a killed recorder
 * leaves: it is skipped and counted. Every other departure from the format is an error that names
 * file and line. For one thread.
 */
public final class NdjsonReader implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 1 << 26;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final String HEADER_BEGIN = "{\"trace\":\"atll\"";

  private final Deque<Path> waiting;
  private final EventCodec codec;
  private @Nullable InputStream in;
  private String name = "";
  private long lineNumber;
  private boolean lineEnded;
  private int fileMinor;
  private long unknown;
  private long truncatedLines;
  private long missing;
  private long outOfOrder;
  private final Map<Label, Long> lastSequences = new HashMap<>();
  // A recording that goes on in the folder of another counts from 1 again, in a part of its own.
  private final Set<Label> sourcesOfPart = new HashSet<>();

  private NdjsonReader(List<Path> files, EventCodec codec) {
    this.waiting = new ArrayDeque<>(files);
    this.codec = codec;
  }

  /**
   * Opens a recording.
   *
   * @param path a folder of parts, or one part
   * @return the reader, at the first event
   * @throws IOException if there is no part
   */
  public static NdjsonReader open(Path path) throws IOException {
    return open(path, new EventCodec());
  }

  static NdjsonReader open(Path path, EventCodec codec) throws IOException {
    List<Path> files = Files.isDirectory(path) ? TraceFiles.list(path) : List.of(path);
    if (files.isEmpty()) {
      throw new TraceFormatException("no trace-*.ndjson, gzipped or not, in " + path);
    }
    return new NdjsonReader(files, codec);
  }

  /**
   * Reads the next line.
   *
   * @return the event, or null at the end of the recording
   * @throws TraceFormatException if the line breaks the format
   * @throws IOException if the file cannot be read
   */
  public @Nullable TraceRecord next() throws IOException {
    while (true) {
      if (in == null && !openNext()) {
        return null;
      }
      String line = readLine();
      if (line == null) {
        closePart();
        continue;
      }
      if (line.isEmpty()) {
        continue;
      }
      try {
        TraceRecord read = codec.decode(line, fileMinor);
        if (read instanceof TraceRecord.Unknown) {
          unknown++;
        }
        follow(read);
        return read;
      } catch (TraceFormatException e) {
        if (!lineEnded) {
          truncatedLines++;
          continue;
        }
        throw located(e);
      }
    }
  }

  /**
   * Reads all that is left, skipping what this version does not know.
   *
   * @param listener takes each known event
   * @return how many events it took
   * @throws IOException as for {@link #next}
   */
  public long forEach(EventListener listener) throws IOException {
    long count = 0;
    for (TraceRecord read = next(); read != null; read = next()) {
      if (read instanceof TraceRecord.Known known) {
        listener.accept(known.stamped());
        count++;
      }
    }
    return count;
  }

  /**
   * Lines of newer versions that were met so far.
   *
   * @return a count that only grows
   */
  public long unknown() {
    return unknown;
  }

  /**
   * Parts met so far that end within a line; that line is skipped.
   *
   * @return a count that only grows
   */
  public long truncatedLines() {
    return truncatedLines;
  }

  /**
   * Events that were lost before they were recorded, as far as the numbers of those around tell.
   *
   * @return a count that only grows
   */
  public long missing() {
    return missing;
  }

  /**
   * Events met so far whose number is not above the one before them in the same part: lines that
   * were sorted, doubled or put together.
   *
   * @return a count that only grows
   */
  public long outOfOrder() {
    return outOfOrder;
  }

  private void follow(TraceRecord read) {
    Label source;
    long sequence;
    switch (read) {
      case TraceRecord.Known known -> {
        source = known.stamped().source();
        sequence = known.stamped().sequence();
      }
      case TraceRecord.Unknown line -> {
        source = line.source();
        sequence = line.sequence();
      }
    }
    Long before = lastSequences.put(source, sequence);
    boolean first = sourcesOfPart.add(source);
    if (before != null && sequence > before) {
      missing += sequence - before - 1;
    } else if (before != null && !first) {
      outOfOrder++;
    }
  }

  @Override
  public void close() throws IOException {
    waiting.clear();
    closePart();
  }

  private boolean openNext() throws IOException {
    Path file = waiting.poll();
    if (file == null) {
      return false;
    }
    name = file.toString();
    lineNumber = 0;
    in = opened(file);
    sourcesOfPart.clear();
    String header = readLine();
    while (header != null && header.isEmpty()) {
      header = readLine();
    }
    if (header == null) {
      // Killed between making the file and its first write.
      closePart();
      return openNext();
    }
    try {
      fileMinor = TraceHeader.parse(header).minor();
    } catch (TraceFormatException e) {
      if (!lineEnded && cutHeader(header)) {
        truncatedLines++;
        closePart();
        return openNext();
      }
      throw located(e);
    }
    return true;
  }

  /** Whether a line is the beginning of a header that a killed recorder did not finish. */
  private static boolean cutHeader(String line) {
    return HEADER_BEGIN.startsWith(line) || line.startsWith(HEADER_BEGIN);
  }

  private static InputStream opened(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new TraceFormatException(file + ": is a directory, not a part of a trace");
    }
    BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      raw.mark(2);
      boolean zipped = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
      raw.reset();
      BufferedInputStream text =
          zipped ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
      text.mark(BYTE_ORDER_MARK.length);
      if (!Arrays.equals(text.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
        text.reset();
      }
      return text;
    } catch (EOFException e) {
      // Zipped while it was written: as much of it as nothing.
      raw.close();
      return InputStream.nullInputStream();
    } catch (IOException e) {
      raw.close();
      throw new TraceFormatException(file + ": " + e.getMessage(), e);
    }
  }

  private void closePart() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
  }

  private @Nullable String readLine() throws IOException {
    InputStream stream = in;
    if (stream == null) {
      return null;
    }
    lineNumber++;
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    lineEnded = false;
    for (int b = read(stream); b >= 0; b = read(stream)) {
      if (b == '\n') {
        lineEnded = true;
        // Covers CR LF as well, and lines of blanks.
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      if (b >= 0x80 || line.size() >= LINE_BYTES_MAX) {
        throw located(new TraceFormatException(b >= 0x80 ? "not ASCII" : "line too long"));
      }
      line.write(b);
    }
    return line.size() > 0 ? line.toString(StandardCharsets.ISO_8859_1).stripTrailing() : null;
  }

  private int read(InputStream stream) throws IOException {
    try {
      return stream.read();
    } catch (EOFException e) {
      // A gzipped part that is cut ends like a plain one that is cut.
      return -1;
    } catch (ZipException e) {
      throw located(new TraceFormatException("damaged gzip data: " + e.getMessage(), e));
    }
  }

  private TraceFormatException located(TraceFormatException e) {
    return new TraceFormatException(name + ":" + lineNumber + ": " + e.getMessage(), e);
  }
}
