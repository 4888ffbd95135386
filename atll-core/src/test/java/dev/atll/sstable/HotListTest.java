package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The list of hot blocks: what was written is read, and nothing else is taken for a list. */
@Timeout(60)
class HotListTest {
  private static final long STORE = 0x1234_5678_9ABC_DEF0L;

  private static List<HotList.Block> blocks(SplittableRandom random, int count) {
    TreeSet<HotList.Block> blocks = new TreeSet<>();
    while (blocks.size() < count) {
      blocks.add(
          new HotList.Block(1 + random.nextLong(40), random.nextLong(1L << random.nextInt(1, 50))));
    }
    return new ArrayList<>(blocks);
  }

  @Test
  void whatIsWrittenIsRead() {
    SplittableRandom random = new SplittableRandom(1);
    for (int count : new int[] {0, 1, 2, 300, HotList.BLOCKS_MAX}) {
      List<HotList.Block> blocks = blocks(random, count);
      byte[] bytes = HotList.encode(STORE, blocks);
      assertTrue(bytes.length <= HotList.BYTES_MAX);
      assertEquals(blocks, HotList.decode(STORE, bytes));
    }
    List<HotList.Block> extreme =
        List.of(
            new HotList.Block(1, 0),
            new HotList.Block(1, Partition.OFFSET),
            new HotList.Block(Long.MAX_VALUE, 0));
    assertEquals(extreme, HotList.decode(STORE, HotList.encode(STORE, extreme)));
  }

  @Test
  void theDocumentShowsARealList() throws IOException {
    byte[] bytes =
        HotList.encode(
            0x0102_0304_0506_0708L,
            List.of(new HotList.Block(5, 0), new HotList.Block(5, 4096), new HotList.Block(7, 8192)));
    Path root = Path.of(System.getProperty("atll.rootdir", ".."));
    String document = Files.readString(root.resolve("context/formats/hot.md"));
    assertTrue(document.replace("\n", "").contains(HexFormat.of().formatHex(bytes)));
  }

  @Test
  void everyBitAndEveryLengthCounts() {
    byte[] bytes = HotList.encode(STORE, blocks(new SplittableRandom(2), 50));
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        bytes[at] ^= (byte) (1 << bit);
        assertThrows(CorruptionException.class, () -> HotList.decode(STORE, bytes));
        bytes[at] ^= (byte) (1 << bit);
      }
      byte[] cut = java.util.Arrays.copyOf(bytes, at);
      CorruptionException e =
          assertThrows(CorruptionException.class, () -> HotList.decode(STORE, cut));
      assertEquals(HotList.FILE, e.file());
    }
    CorruptionException other =
        assertThrows(CorruptionException.class, () -> HotList.decode(STORE + 1, bytes));
    assertTrue(String.valueOf(other.getMessage()).contains("of another store"));
  }

  /** Right checksums over anything: an answer, or an error of the format, in little memory. */
  @Test
  void hostileListsAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(3);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] forged = HotListForger.forge(HotList.encode(STORE, blocks(random, 5)), random);
      try {
        List<HotList.Block> blocks = HotList.decode(STORE, forged);
        for (int b = 0; b < blocks.size(); b++) {
          assertTrue(blocks.get(b).file() > 0 && blocks.get(b).offset() >= 0);
          assertTrue(b == 0 || blocks.get(b - 1).compareTo(blocks.get(b)) < 0);
        }
        read++;
      } catch (CorruptionException | UnsupportedFormatException e) {
        refused++;
      }
    }
    assertTrue(read > 1000 && refused > 1000, read + " read, " + refused + " refused");
  }
}
