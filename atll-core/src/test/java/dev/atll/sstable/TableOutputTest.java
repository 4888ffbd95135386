package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.FileOut;
import dev.atll.env.SyncFailureException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a table leaves unforced while it is written. */
class TableOutputTest {
  private static final int MIB = 1 << 20;

  /** Keeps nothing but how much there is, and how much of it was never forced at most. */
  private static final class Counted implements FileOut {
    private long length;
    private long forced;
    private long unforcedMost;
    private int syncs;
    private boolean fails;

    @Override
    public void append(byte[] src, int offset, int count) {
      length += count;
      unforcedMost = Math.max(unforcedMost, length - forced);
    }

    @Override
    public void sync() throws IOException {
      if (fails) {
        throw new IOException("no");
      }
      syncs++;
      forced = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void close() {}
  }

  private static void write(TableOutput output, int bytes) throws IOException {
    for (int i = 0; i < bytes; i += 1 << 10) {
      output.raw(new byte[1 << 10]);
    }
    output.flush();
  }

  @Test
  void smallPiecesWhileOthersWait() throws IOException {
    Counted file = new Counted();
    write(new TableOutput(file, 1, () -> true), 4 * MIB);
    assertEquals(4 * MIB, file.length);
    assertTrue(file.unforcedMost <= MIB / 2, () -> "unforced " + file.unforcedMost);
  }

  @Test
  void largeOnesOtherwise() throws IOException {
    Counted small = new Counted();
    write(new TableOutput(small, 1, () -> false), 4 * MIB);
    assertEquals(0, small.syncs, "left to who ends the table");
    Counted large = new Counted();
    write(new TableOutput(large, 1, () -> false), 40 * MIB);
    assertTrue(large.unforcedMost <= 9 * MIB, () -> "unforced " + large.unforcedMost);
    assertTrue(large.syncs <= 5, () -> large.syncs + " syncs");
  }

  @Test
  void aForceThatFailsIsNoFailedWrite() {
    Counted file = new Counted();
    file.fails = true;
    assertThrows(
        SyncFailureException.class, () -> write(new TableOutput(file, 1, () -> true), MIB));
  }
}
