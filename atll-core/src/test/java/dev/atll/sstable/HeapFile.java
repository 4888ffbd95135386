package dev.atll.sstable;

import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Files that are arrays. */
final class HeapFile {
  private HeapFile() {}

  static final class Out implements FileOut {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
      return bytes.toByteArray();
    }

    @Override
    public void append(byte[] src, int offset, int length) {
      bytes.write(src, offset, length);
    }

    @Override
    public void sync() {
      // Nothing to lose.
      return;
    }

    @Override
    public long length() {
      return bytes.size();
    }

    @Override
    public void close() {}
  }

  static final class In implements FileIn {
    private final byte[] bytes;
    private final MemorySegment segment;

    // Position and length of each.
    final List<List<Long>> prefetched = new ArrayList<>();
    boolean closed;

    In(byte[] bytes) {
      this.bytes = bytes;
      this.segment = MemorySegment.ofArray(bytes).asReadOnly();
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void readFully(long position, byte[] dst, int offset, int length) throws IOException {
      if (position + length > bytes.length) {
        throw new EOFException();
      }
      System.arraycopy(bytes, (int) position, dst, offset, length);
    }

    @Override
    public void prefetch(long position, int length) {
      prefetched.add(List.of(position, (long) length));
    }

    @Override
    public MemorySegment map() {
      return segment;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
