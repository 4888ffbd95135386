package dev.atll.memtable;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.testing.Lincheck;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The memtable and its index of hashes, one writer and any readers, interleaved by Lincheck: every
 * answer fits an order in which each batch happens at once.
 */
@Tag("slow")
@Timeout(180)
class MemtableLincheckTest {
  /** A memtable as the store uses it: insert, then make the revision visible. */
  @Param(name = "key", gen = IntGen.class, conf = "0:3")
  @Param(name = "value", gen = IntGen.class, conf = "1:100")
  public static class Visible {
    private final Memtable table = new Memtable(1, 7);
    private volatile long visible;

    @Operation(nonParallelGroup = "writer")
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
      long revision = visible + 1;
      insert(revision, ValueKind.PUT, key, value);
      visible = revision;
    }

    @Operation(nonParallelGroup = "writer")
    public void delete(@Param(name = "key") int key) {
      long revision = visible + 1;
      insert(revision, ValueKind.DELETE, key, 0);
      visible = revision;
    }

    /** A batch, in which the last entry of a key wins. */
    @Operation(nonParallelGroup = "writer")
    public void putTwo(
        @Param(name = "key") int one,
        @Param(name = "key") int other,
        @Param(name = "value") int value) {
      long revision = visible + 1;
      insert(revision, ValueKind.PUT, one, value);
      insert(revision, ValueKind.PUT, other, value + 1);
      visible = revision;
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      return get(key, visible);
    }

    @Operation
    public int getOneBefore(@Param(name = "key") int key) {
      return get(key, Math.max(0, visible - 1));
    }

    @Operation
    public String ascending() {
      long at = visible;
      TreeMap<Integer, Integer> content = new TreeMap<>();
      int last = -1;
      EntryCursor cursor = table.cursor();
      for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {
        int key = cursor.keyArray()[cursor.keyOffset()];
        if (cursor.revision() <= at && key != last) {
          last = key;
          if (cursor.kind() == ValueKind.PUT) {
            content.put(key, value(cursor));
          }
        }
      }
      return content.toString();
    }

    @Operation
    public String descending() {
      long at = visible;
      TreeMap<Integer, Integer> content = new TreeMap<>();
      EntryCursor cursor = table.cursor();
      for (boolean on = cursor.seekToLast(); on; on = cursor.previous()) {
        if (cursor.revision() <= at) {
          int key = cursor.keyArray()[cursor.keyOffset()];
          if (cursor.kind() == ValueKind.PUT) {
            content.put(key, value(cursor));
          } else {
            content.remove(key);
          }
        }
      }
      return content.toString();
    }

    void insert(long revision, int kind, int key, int value) {
      byte[] name = name(key);
      byte[] content = {(byte) value};
      table.put(revision, kind, name, 0, name.length, content, 0, content.length);
    }

    private int get(int key, long revision) {
      byte[] name = name(key);
      Lookup lookup = new Lookup();
      lookup.ask(name, 0, name.length, revision);
      table.get(lookup);
      return lookup.answer == Lookup.Answer.FOUND
          ? lookup.valueSegment.get(ValueLayout.JAVA_BYTE, lookup.valueOffset)
          : Program.ABSENT;
    }

    private static int value(EntryCursor cursor) {
      return cursor.valueSegment().get(ValueLayout.JAVA_BYTE, cursor.valueOffset());
    }

    /** Short keys are compared in the node, long ones in the arena. */
    private static byte[] name(int key) {
      byte[] name = new byte[key % 2 == 0 ? 1 : 24];
      name[0] = (byte) key;
      return name;
    }
  }

  /** A writer that makes a batch visible before all of it is there. */
  public static class VisibleTooEarly {
    private final Visible table = new Visible();

    @Operation(nonParallelGroup = "writer")
    public void putTwo(
        @Param(gen = IntGen.class, conf = "0:1") int key,
        @Param(gen = IntGen.class, conf = "1:100") int value) {
      long revision = table.visible + 1;
      table.insert(revision, ValueKind.PUT, key, value);
      table.visible = revision;
      table.insert(revision, ValueKind.PUT, key + 1, value + 1);
    }

    @Operation
    public String ascending() {
      return table.ascending();
    }
  }

  /** What {@link Visible} answers: all contents there ever were. */
  public static class Program {
    private static final int ABSENT = Integer.MIN_VALUE;
    private final List<Map<Integer, Integer>> contents = new ArrayList<>(List.of(Map.of()));

    public void put(int key, int value) {
      Map<Integer, Integer> next = new TreeMap<>(contents.getLast());
      next.put(key, (int) (byte) value);
      contents.add(next);
    }

    public void delete(int key) {
      Map<Integer, Integer> next = new TreeMap<>(contents.getLast());
      next.remove(key);
      contents.add(next);
    }

    public void putTwo(int one, int other, int value) {
      Map<Integer, Integer> next = new TreeMap<>(contents.getLast());
      next.put(one, (int) (byte) value);
      next.put(other, (int) (byte) (value + 1));
      contents.add(next);
    }

    public int get(int key) {
      return contents.getLast().getOrDefault(key, ABSENT);
    }

    public int getOneBefore(int key) {
      return contents.get(Math.max(0, contents.size() - 2)).getOrDefault(key, ABSENT);
    }

    public String ascending() {
      return contents.getLast().toString();
    }

    public String descending() {
      return contents.getLast().toString();
    }
  }

  /** What {@link VisibleTooEarly} should answer. */
  public static class PairProgram {
    private final Program program = new Program();

    public void putTwo(int key, int value) {
      program.putTwo(key, key + 1, value);
    }

    public String ascending() {
      return program.ascending();
    }
  }

  /** An index with one table as full as may be: the next key makes it grow while it is read. */
  @Param(name = "key", gen = IntGen.class, conf = "0:7")
  public static class Growing {
    private final KeyIndex index = new KeyIndex();

    public Growing() {
      for (int key = 0; key < 6; key++) {
        add(key);
      }
    }

    @Operation(nonParallelGroup = "writer")
    public final boolean add(@Param(name = "key") int key) {
      if (get(key) >= 0) {
        return false;
      }
      index.add(hash(key), key + 1);
      return true;
    }

    @Operation
    public final int get(@Param(name = "key") int key) {
      long hash = hash(key);
      long[] table = index.table(hash);
      int place = table == null ? -1 : place(table, hash);
      return place < 0 ? -1 : KeyIndex.node(KeyIndex.slot(table, place));
    }

    private static int place(long[] table, long hash) {
      int place = KeyIndex.start(table, hash);
      for (long slot = KeyIndex.slot(table, place); slot != 0; slot = KeyIndex.slot(table, place)) {
        if (KeyIndex.isOf(slot, hash)) {
          return place;
        }
        place = KeyIndex.after(table, place);
      }
      return -1;
    }

    /** All in one table and, until it has grown, at one place of it. */
    private static long hash(int key) {
      return 5L << 58 | key * 8L;
    }
  }

  /** What {@link Growing} answers. */
  public static class GrowingProgram {
    private final Map<Integer, Integer> nodes = new HashMap<>();

    public GrowingProgram() {
      for (int key = 0; key < 6; key++) {
        nodes.put(key, key + 1);
      }
    }

    public boolean add(int key) {
      return nodes.putIfAbsent(key, key + 1) == null;
    }

    public int get(int key) {
      return nodes.getOrDefault(key, -1);
    }
  }

  @Test
  void aMemtableWithAVisibleRevision() throws Exception {
    String said = Lincheck.verdict(Visible.class, Program.class);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }

  @Test
  void anIndexThatGrowsUnderItsReaders() throws Exception {
    String said = Lincheck.verdict(Growing.class, GrowingProgram.class);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }

  @Test
  void aBatchMadeVisibleTooEarlyIsFound() throws Exception {
    String said = Lincheck.verdict(VisibleTooEarly.class, PairProgram.class);
    assertFalse(said.contains(Lincheck.EXPLAINED), said);
    assertTrue(said.contains("Invalid execution results"), said);
  }
}
