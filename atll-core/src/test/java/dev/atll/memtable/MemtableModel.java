package dev.atll.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.testing.ViewCheck;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a memtable must answer, by a sorted map, and the checks that compare the two. */
final class MemtableModel {
  record Version(byte[] key, long revision) {}

  record Content(int kind, byte[] value) {}

  static final Comparator<Version> ORDER =
      Comparator.comparing(Version::key, Keys::compare)
          .thenComparing(Version::revision, Comparator.reverseOrder());

  final TreeMap<Version, Content> map = new TreeMap<>(ORDER);

  void put(Memtable table, long revision, int kind, byte[] key, byte[] value) {
    map.put(new Version(key, revision), new Content(kind, value));
    // Through larger arrays, so that offsets count.
    byte[] shiftedKey = new byte[key.length + 5];
    System.arraycopy(key, 0, shiftedKey, 3, key.length);
    byte[] shiftedValue = new byte[value.length + 7];
    System.arraycopy(value, 0, shiftedValue, 2, value.length);
    table.put(revision, kind, shiftedKey, 3, key.length, shiftedValue, 2, value.length);
    Arrays.fill(shiftedKey, (byte) 0x55);
    Arrays.fill(shiftedValue, (byte) 0x55);
  }

  void checkCounts(Memtable table) {
    assertEquals(map.size(), table.entries(), "entries");
    assertEquals(
        map.values().stream().filter(c -> c.kind() == ValueKind.DELETE).count(),
        table.tombstones(),
        "tombstones");
    long first = map.keySet().stream().mapToLong(Version::revision).min().orElse(Long.MAX_VALUE);
    long last = map.keySet().stream().mapToLong(Version::revision).max().orElse(0);
    assertEquals(first, table.firstRevision(), "firstRevision");
    assertEquals(last, table.lastRevision(), "lastRevision");
    assertEquals(map.isEmpty(), table.isEmpty(), "isEmpty");
  }

  void checkGet(Memtable table, byte[] key, long revision) {
    Lookup lookup = new Lookup();
    byte[] shifted = new byte[key.length + 4];
    System.arraycopy(key, 0, shifted, 1, key.length);
    lookup.ask(shifted, 1, key.length, revision);
    table.get(lookup);
    Map.Entry<Version, Content> want = map.ceilingEntry(new Version(key, revision));
    if (want == null || Keys.compare(want.getKey().key(), key) != 0) {
      assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
      return;
    }
    assertEquals(want.getKey().revision(), lookup.foundRevision);
    if (want.getValue().kind() == ValueKind.DELETE) {
      assertEquals(Lookup.Answer.DELETED, lookup.answer);
    } else {
      assertEquals(Lookup.Answer.FOUND, lookup.answer);
      assertBytes(
          want.getValue().value(),
          bytes(lookup.valueSegment, lookup.valueOffset, lookup.valueLength));
    }
  }

  void checkScans(Memtable table) {
    try (EntryCursor cursor = table.cursor()) {
      assertFalse(cursor.isValid());
      boolean more = cursor.seekToFirst();
      for (Map.Entry<Version, Content> want : map.entrySet()) {
        assertTrue(more);
        checkAt(want, cursor);
        more = cursor.next();
      }
      assertFalse(more);
      assertFalse(cursor.isValid());
      more = cursor.seekToLast();
      for (Map.Entry<Version, Content> want : map.descendingMap().entrySet()) {
        assertTrue(more);
        checkAt(want, cursor);
        more = cursor.previous();
      }
      assertFalse(more);
    }
  }

  /** What is visible at a revision, walked in every way. */
  void checkView(Memtable table, long revision, RandomGenerator random) {
    List<ViewCheck.Shown> shown = new ArrayList<>();
    byte[] last = null;
    for (Map.Entry<Version, Content> entry : map.entrySet()) {
      byte[] key = entry.getKey().key();
      if (entry.getKey().revision() > revision
          || (last != null && Keys.compare(last, key) == 0)) {
        continue;
      }
      last = key;
      Content content = entry.getValue();
      shown.add(
          new ViewCheck.Shown(key, entry.getKey().revision(), content.kind(), content.value()));
    }
    try (EntryCursor view = table.view(revision)) {
      new ViewCheck(shown, view, random).run(60);
    }
  }

  void checkSeeks(Memtable table, byte[] key, long revision) {
    try (EntryCursor cursor = table.cursor()) {
      check(
          map.ceilingEntry(new Version(key, revision)),
          cursor.seek(key, 0, key.length, revision),
          cursor);
      // No model entry has this revision, so it stands before all entries of the key.
      check(
          map.lowerEntry(new Version(key, Long.MAX_VALUE)),
          cursor.seekBefore(key, 0, key.length),
          cursor);
    }
  }

  private static void check(
      Map.@Nullable Entry<Version, Content> want, boolean found, EntryCursor cursor) {
    assertEquals(want != null, found);
    assertEquals(found, cursor.isValid());
    if (want != null) {
      checkAt(want, cursor);
    }
  }

  private static void checkAt(Map.Entry<Version, Content> want, EntryCursor cursor) {
    assertTrue(cursor.isValid());
    assertBytes(
        want.getKey().key(),
        Arrays.copyOfRange(
            cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength()));
    assertEquals(want.getKey().revision(), cursor.revision());
    assertEquals(
        Keys.head(want.getKey().key(), 0, want.getKey().key().length), cursor.keyHead());
    assertEquals(want.getValue().kind(), cursor.kind());
    assertBytes(
        want.getValue().value(),
        bytes(cursor.valueSegment(), cursor.valueOffset(), cursor.valueLength()));
  }

  static byte[] bytes(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static void assertBytes(byte[] want, byte[] got) {
    assertTrue(
        Arrays.equals(want, got), () -> Arrays.toString(want) + " but " + Arrays.toString(got));
  }
}
