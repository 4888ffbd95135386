package dev.atll.env;

import dev.atll.env.fault.ReadChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A channel whose positional reads go as a test says. */
final class FaultyChannel extends ReadChannel {
  /** What becomes of a read. */
  interface Reads {
    /**
     * How many bytes it gives, 0 or -1 for none.
     *
     * @param at where it begins
     * @param asked how many bytes there is room for, at least 1
     */
    int of(long at, int asked) throws IOException;
  }

  private final FileChannel below;
  private final Reads reads;

  FaultyChannel(FileChannel below, Reads reads) {
    this.below = below;
    this.reads = reads;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int count = reads.of(position, into.remaining());
    if (count <= 0) {
      return count;
    }
    into.limit(into.position() + count);
    return below.read(into, position);
  }

  @Override
  public long size() throws IOException {
    return below.size();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    below.close();
  }
}
