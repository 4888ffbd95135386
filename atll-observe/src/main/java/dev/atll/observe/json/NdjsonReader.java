package dev.atll.observe.json;

import dev.atll.observe.EventListener;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording, part after part, in the order in which it was made.
 *
 * <p>A last line without line end is what a killed recorder leaves: it is skipped and counted.
 * Every other departure from the format is an error that names file and line. For one thread.
 */
public final class NdjsonReader implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 1 << 26;

  private final Deque<Path> waiting;
  private final EventCodec codec;
  private @Nullable InputStream in;
  private String name = "";
  private long lineNumber;
  private int fileMinor;
  private long unknown;
  private long truncatedLines;

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
      throw new TraceFormatException("no trace-*.ndjson in " + path);
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
      try {
        TraceRecord read = codec.decode(line, fileMinor);
        if (read instanceof TraceRecord.Unknown) {
          unknown++;
        }
        return read;
      } catch (TraceFormatException e) {
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
   * Parts met so far that end within a line.
   *
   * @return a count that only grows
   */
  public long truncatedLines() {
    return truncatedLines;
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
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    String header = readLine();
    if (header == null) {
      // Killed between making the file and its first write.
      closePart();
      return openNext();
    }
    try {
      fileMinor = TraceHeader.parse(header).minor();
    } catch (TraceFormatException e) {
      throw located(e);
    }
    return true;
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
    for (int b = stream.read(); b >= 0; b = stream.read()) {
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      if (b >= 0x80 || line.size() >= LINE_BYTES_MAX) {
        throw located(new TraceFormatException(b >= 0x80 ? "not ASCII" : "line too long"));
      }
      line.write(b);
    }
    if (line.size() > 0) {
      truncatedLines++;
    }
    return null;
  }

  private TraceFormatException located(TraceFormatException e) {
    return new TraceFormatException(name + ":" + lineNumber + ": " + e.getMessage(), e);
  }
}
