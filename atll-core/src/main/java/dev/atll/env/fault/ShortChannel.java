package dev.atll.env.fault;

import dev.atll.env.FileIn;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Positional reads of a file that give a few bytes at a time, as a device may; nothing else. */
final class ShortChannel extends ReadChannel {
  private final FileIn in;
  private final int most;

  /**
   * Reads a file that somebody else closes.
   *
   * @param most bytes of one read at most, at least 1
   */
  ShortChannel(FileIn in, int most) {
    this.in = in;
    this.most = most;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int count = (int) Math.min(Math.min(most, into.remaining()), in.length() - position);
    if (count <= 0) {
      return -1;
    }
    byte[] bytes = new byte[count];
    in.readBlock(position, bytes, 0, count, false);
    into.put(bytes);
    return count;
  }

  @Override
  public long size() {
    return in.length();
  }

  @Override
  protected void implCloseChannel() {}
}
