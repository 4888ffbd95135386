package dev.atll.observe.json;

import dev.atll.observe.EventListener;
import dev.atll.observe.SafeLog;
import dev.atll.observe.StampedEvent;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Records events into numbered files of a folder, within a bound on their bytes.
 *
 * <p>When a part is full the next one begins; when all parts together would pass the bound, the
 * oldest are deleted. Each part can be read by itself. A recording continues after the parts that
 * are already in the folder. An error of the disk ends the recording, is kept in {@link #failure},
 * and never reaches the engine. Safe for any number of threads.
 */
public final class NdjsonRecorder implements EventListener, AutoCloseable {
  private static final SafeLog LOG = SafeLog.of("dev.atll.observe");
  private static final int FLUSH_BYTES = 1 << 16;

  private final Path directory;
  private final long partBytesMax;
  private final long totalBytesMax;
  private final boolean detail;
  private final Deque<Part> older = new ArrayDeque<>();
  private final JsonWriter out = new JsonWriter();
  private @Nullable OutputStream file;
  private @Nullable IOException failure;
  private long part;
  private long partBytes;
  private long olderBytes;
  private long written;
  // Events in the buffer.
  private long pending;
  private long lost;
  private boolean closed;

  private record Part(Path file, long bytes) {}

  /**
   * Begins or continues a recording without detail.
   *
   * @param directory made if it does not exist
   * @param partBytesMax the most bytes of one file, at least 1 KiB
   * @param totalBytesMax the most bytes of all files, at least twice {@code partBytesMax}
   * @throws IOException if the folder or the first file cannot be made
   */
  public NdjsonRecorder(Path directory, long partBytesMax, long totalBytesMax) throws IOException {
    this(directory, partBytesMax, totalBytesMax, false);
  }

  /**
   * Begins or continues a recording.
   *
   * @param directory made if it does not exist
   * @param partBytesMax the most bytes of one file, at least 1 KiB
   * @param totalBytesMax the most bytes of all files, at least twice {@code partBytesMax}
   * @param detail whether to ask for events that are detail, such as what policies saw
   * @throws IOException if the folder or the first file cannot be made
   */
  public NdjsonRecorder(Path directory, long partBytesMax, long totalBytesMax, boolean detail)
      throws IOException {
    if (partBytesMax < 1024 || totalBytesMax / 2 < partBytesMax) {
      throw new IllegalArgumentException(
          "partBytesMax " + partBytesMax + ", totalBytesMax " + totalBytesMax);
    }
    this.directory = directory;
    this.partBytesMax = partBytesMax;
    this.totalBytesMax = totalBytesMax;
    this.detail = detail;
    Files.createDirectories(directory);
    for (Path existing : TraceFiles.list(directory)) {
      Part known = new Part(existing, Files.size(existing));
      older.add(known);
      olderBytes += known.bytes;
      part = TraceFiles.part(existing);
    }
    beginPart();
  }

  @Override
  public boolean wantsDetail() {
    return detail;
  }

  @Override
  public synchronized void accept(StampedEvent event) {
    if (closed || failure != null) {
      lost++;
      return;
    }
    boolean buffered = false;
    int begin = out.size();
    try {
      EventCodec.write(out, event);
      out.raw('\n');
    } catch (Throwable e) {
      // No memory, say: half a line would make the whole part unreadable.
      out.truncate(begin);
      lost++;
      throw e;
    }
    int length = out.size() - begin;
    try {
      if (partBytes + length > partBytesMax) {
        // The line is encoded already: set it aside while the part before it is finished.
        byte[] line = Arrays.copyOfRange(out.buffer(), begin, begin + length);
        out.truncate(begin);
        rollPart();
        if (partBytes + length > partBytesMax) {
          lost++;
          return;
        }
        out.raw(line);
      }
      partBytes += length;
      pending++;
      buffered = true;
      if (out.size() >= FLUSH_BYTES) {
        write();
      }
    } catch (IOException e) {
      if (!buffered) {
        lost++;
      }
      fail(e);
    }
  }

  @Override
  public void idle() {
    flush();
  }

  /** Hands what is buffered to the operating system. */
  public synchronized void flush() {
    if (!closed && failure == null) {
      try {
        write();
      } catch (IOException e) {
        fail(e);
      }
    }
  }

  /** Writes what is buffered and closes the file. */
  @Override
  public synchronized void close() {
    flush();
    closed = true;
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /**
   * Events written, or waiting to be.
   *
   * @return a count; it falls when an error loses what was waiting
   */
  public synchronized long recorded() {
    return written + pending;
  }

  /**
   * Events not written: after an error, after closing, or because one was larger than a whole part.
   *
   * @return a count that only grows
   */
  public synchronized long lost() {
    return lost;
  }

  /**
   * The error that ended the recording.
   *
   * @return the error, or null while all is well
   */
  public synchronized @Nullable IOException failure() {
    return failure;
  }

  private void rollPart() throws IOException {
    write();
    if (file != null) {
      file.close();
      file = null;
    }
    older.add(new Part(TraceFiles.file(directory, part), partBytes));
    olderBytes += partBytes;
    beginPart();
  }

  private void beginPart() throws IOException {
    // Room for a full part first, so that the bound holds at every moment.
    while (!older.isEmpty() && olderBytes + partBytesMax > totalBytesMax) {
      Part oldest = older.remove();
      Files.deleteIfExists(oldest.file);
      olderBytes -= oldest.bytes;
    }
    part++;
    // Not a channel: an interrupt of the calling thread would close that for good.
    file = new FileOutputStream(TraceFiles.file(directory, part).toFile());
    new TraceHeader(EventCodec.MAJOR, EventCodec.MINOR, part).write(out);
    partBytes = out.size();
    write();
  }

  private void write() throws IOException {
    if (file != null && out.size() > 0) {
      file.write(out.buffer(), 0, out.size());
      out.clear();
      written += pending;
      pending = 0;
    }
  }

  private void fail(IOException e) {
    lost += pending;
    pending = 0;
    if (failure == null) {
      failure = e;
      LOG.log(Level.WARNING, () -> "the recording ended: " + directory, e);
    }
  }
}
