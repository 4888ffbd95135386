package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.sstable.TableModel.Entry;
import dev.atll.sstable.codec.Codec;
import dev.atll.testing.ViewCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables as of a revision. One seed again: {@code -Datll.seed=N}. */
class TableViewTest {
  private static final long FILE_NUMBER = 7;
  private static final int TABLES = 150;

  @Test
  void viewsShowTheNewestVisibleEntryOfEachKey() throws IOException {
    Long only = Long.getLong("atll.seed");
    long from = only == null ? 1 : only;
    long to = only == null ? TABLES : only;
    for (long seed = from; seed <= to; seed++) {
      Random random = new Random(seed);
      TableModel model = withDeadStretch(TableModel.random(random), random);
      try (TableReader reader = open(model)) {
        check(model, reader, Keys.EMPTY, null, Long.MAX_VALUE - 1, random);
        for (int i = 0; i < 8 && !model.entries.isEmpty(); i++) {
          byte[] low = random.nextBoolean() ? Keys.EMPTY : any(model, random).key();
          byte[] high = random.nextBoolean() ? null : any(model, random).key();
          check(model, reader, low, high, any(model, random).revision(), random);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Datll.seed=" + seed + ": " + model, e);
      }
    }
  }

  /** Deletions only, over many blocks, now and then: what views pass block by block. */
  private static TableModel withDeadStretch(TableModel model, Random random) {
    int n = model.entries.size();
    if (n == 0 || random.nextBoolean()) {
      return model;
    }
    int from = random.nextInt(n);
    int to = from + random.nextInt(n - from + 1);
    List<Entry> entries = new ArrayList<>(model.entries);
    for (int i = from; i < to; i++) {
      Entry e = entries.get(i);
      entries.set(i, new Entry(e.key(), e.revision(), ValueKind.DELETE, Keys.EMPTY));
    }
    return new TableModel(entries, model.cuts, model.options);
  }

  private static Entry any(TableModel model, Random random) {
    return model.entries.get(random.nextInt(model.entries.size()));
  }

  private static TableReader open(TableModel model) throws IOException {
    return TableReader.open(
        new HeapFile.In(model.bytes(FILE_NUMBER)), FILE_NUMBER, "7.sst", new BlockCache(1 << 20),
        new FrameCache(1 << 16, 256), new IndexBudget(500), model.entries.size() % 2 == 0);
  }

  private static void check(
      TableModel model, TableReader reader, byte[] low, byte[] high, long revision, Random random) {
    List<ViewCheck.Shown> shown = new ArrayList<>();
    byte[] last = null;
    for (Entry e : model.entries) {
      if (e.revision() > revision
          || (last != null && Keys.compare(last, e.key()) == 0)
          || Keys.compare(e.key(), low) < 0
          || (high != null && Keys.compare(e.key(), high) >= 0)) {
        continue;
      }
      last = e.key();
      shown.add(new ViewCheck.Shown(e.key(), e.revision(), e.kind(), e.value()));
    }
    try (EntryCursor view = reader.view(low, high, revision)) {
      new ViewCheck(shown, view, random).run(60);
    }
  }

  /** 30,000 versions of one key, kept by snapshots, over hundreds of blocks. */
  @Test
  void aKeyOfManyVersionsIsPassedInAFewSteps() throws IOException {
    List<Entry> entries = new ArrayList<>();
    int versions = 30_000;
    for (int k = 0; k < 3; k++) {
      for (int v = k == 1 ? versions : 1; v > 0; v--) {
        entries.add(new Entry(new byte[] {(byte) k, 7}, v, ValueKind.PUT, new byte[20]));
      }
    }
    TableModel model = new TableModel(entries, new byte[0][], options());
    try (TableReader reader = open(model)) {
      for (long revision : new long[] {1, 2, versions / 2, versions - 1, versions, 1L << 40}) {
        try (EntryCursor view = reader.view(Keys.EMPTY, null, revision)) {
          for (int way = 0; way < 2; way++) {
            int keys = 0;
            boolean on = way == 0 ? view.seekToFirst() : view.seekToLast();
            for (; on; on = way == 0 ? view.next() : view.previous()) {
              keys++;
              long newest = view.keyArray()[0] == 1 ? Math.min(revision, versions) : 1;
              assertEquals(newest, view.revision());
            }
            assertEquals(3, keys);
          }
          assertTrue(view.passed() <= 12, "passed " + view.passed());
        }
      }
    }
  }

  @Test
  void aStretchOfDeletionsIsPassedBlockByBlock() throws IOException {
    int keys = 50_000;
    List<Entry> entries = new ArrayList<>();
    for (int k = 0; k < keys; k++) {
      byte[] key = ByteBuffer.allocate(8).putLong(k).array();
      boolean live = k < 2 || k >= keys - 2;
      entries.add(
          new Entry(
              key,
              k + 1,
              live ? ValueKind.PUT : ValueKind.DELETE,
              live ? new byte[10] : Keys.EMPTY));
    }
    try (TableReader reader = open(new TableModel(entries, new byte[0][], options()));
        EntryCursor view = reader.view(Keys.EMPTY, null, keys)) {
      byte[] second = ByteBuffer.allocate(8).putLong(2).array();
      assertTrue(view.seek(second, 0, 8, Long.MAX_VALUE));
      assertEquals(ValueKind.DELETE, view.kind());
      assertTrue(view.nextPastDeletions(null, 0, 0));
      assertEquals(ValueKind.PUT, view.kind());
      assertEquals(keys - 1, view.revision());
      assertTrue(view.previous());
      assertTrue(view.previousPastDeletions(Keys.EMPTY, 0, 0));
      assertEquals(2, view.revision());
      assertTrue(view.passed() < keys / 20, "passed " + view.passed());
    }
  }

  private static TableOptions options() {
    return TableOptions.DEFAULT.withCodec(Codec.NONE);
  }
}
