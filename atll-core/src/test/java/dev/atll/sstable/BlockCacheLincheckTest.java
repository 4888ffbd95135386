package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.testing.Lincheck;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The block cache with room for all, interleaved by Lincheck: a map in which the first block of a
 * place stays until its file is forgotten. What it may evict is for other tests, since no program
 * says what.
 */
@Tag("slow")
@Timeout(180)
class BlockCacheLincheckTest {
  /** One block a file: a file of several is forgotten block by block, which reads may notice. */
  @Param(name = "file", gen = IntGen.class, conf = "1:3")
  public static class Roomy {
    private final BlockCache cache = new BlockCache(64 << 10);

    @Operation
    public void put(
        @Param(name = "file") int file,
        @Param(gen = IntGen.class, conf = "1:100") int content) {
      cache.put(file, 0, MemorySegment.ofArray(new byte[] {(byte) content}));
    }

    @Operation
    public int get(@Param(name = "file") int file) {
      MemorySegment block = cache.get(file, 0);
      return block == null ? Program.ABSENT : block.get(ValueLayout.JAVA_BYTE, 0);
    }

    @Operation
    public void forget(@Param(name = "file") int file) {
      cache.forget(file);
    }

    @Operation
    public long blocks() {
      return cache.bytes() / Program.BYTES_EACH;
    }
  }

  /** What {@link Roomy} answers. */
  public static class Program {
    private static final int ABSENT = Integer.MIN_VALUE;
    // A byte and what an entry weighs.
    private static final int BYTES_EACH = 1 + 128;
    private final Map<Integer, Integer> blocks = new TreeMap<>();

    public void put(int file, int content) {
      blocks.putIfAbsent(file, (int) (byte) content);
    }

    public int get(int file) {
      return blocks.getOrDefault(file, ABSENT);
    }

    public void forget(int file) {
      blocks.remove(file);
    }

    public long blocks() {
      return blocks.size();
    }
  }

  @Test
  void aCacheWithRoomForAll() throws Exception {
    String said = Lincheck.verdict(Roomy.class, Program.class);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }
}
