package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.api.NotAStoreException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.record.RecordFormat;
import dev.atll.record.RecordWriter;
import dev.atll.version.RandomEdits;
import dev.atll.version.Version;
import dev.atll.version.VersionText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A manifest cut at every length and with every byte changed. */
final class ManifestDamageTest {
  private static final int EDITS = 14;
  private static final ManifestOptions NO_ROLL = new ManifestOptions(1 << 30, 3);
  private static final String MANIFEST = ManifestFormat.name(1);

  /** A store after some edits: shapes.get(k) and ends.get(k) belong to the first k of them. */
  private static final class History {
    final RamStorage storage = new RamStorage();
    final List<String> shapes = new ArrayList<>();
    final List<Integer> ends = new ArrayList<>();

    History(long seed) {
      VersionSet set = VersionSet.create(storage, 3, 42, NO_ROLL);
      RandomEdits edits = new RandomEdits(new Random(seed), set::nextNumber);
      note(set, 0);
      for (int i = 0; i < EDITS; i++) {
        set.install(edits.next(set.current()));
        note(set, RecordFormat.HEADER_BYTES);
      }
      set.close();
    }

    private void note(VersionSet set, int markBytes) {
      shapes.add(VersionText.shape(set.current()));
      ends.add(bytes().length - markBytes);
    }

    byte[] bytes() {
      byte[] bytes = storage.files.get(MANIFEST);
      assertTrue(bytes != null);
      return bytes;
    }

    /** How many edits are whole in the first bytes; -1 if not even the snapshot is. */
    int wholeIn(int length) {
      int whole = -1;
      while (whole + 1 < ends.size() && ends.get(whole + 1) <= length) {
        whole++;
      }
      return whole;
    }

    RamStorage with(byte[] manifest) {
      RamStorage copy = storage.copy();
      copy.files.put(MANIFEST, manifest);
      return copy;
    }
  }

  private static String recover(RamStorage storage) {
    return VersionText.shape(VersionSet.recover(storage, NO_ROLL).current());
  }

  @Test
  void everyPrefixGivesAPrefixOfTheEdits() {
    History history = new History(1);
    byte[] all = history.bytes();
    for (int length = 0; length <= all.length; length++) {
      RamStorage storage = history.with(Arrays.copyOf(all, length));
      int whole = history.wholeIn(length);
      if (whole < 0) {
        CorruptionException e = assertThrows(CorruptionException.class, () -> recover(storage));
        assertEquals(MANIFEST, e.file());
      } else {
        assertEquals(history.shapes.get(whole), recover(storage), "length " + length);
        // What was begun then is whole again.
        assertEquals(history.shapes.get(whole), recover(storage));
      }
    }
  }

  @Test
  void tailsOfZerosOrNoiseAreCut() {
    History history = new History(2);
    byte[] all = history.bytes();
    Random random = new Random(3);
    for (int length = history.ends.getFirst(); length <= all.length; length += 7) {
      byte[] torn = Arrays.copyOf(all, length + random.nextInt(200));
      if (random.nextBoolean()) {
        for (int i = length; i < torn.length; i++) {
          torn[i] = (byte) random.nextInt(256);
        }
      }
      // Zeros may be just what was cut off.
      int same = Arrays.mismatch(torn, all);
      int whole = history.wholeIn(same < 0 ? Math.min(torn.length, all.length) : same);
      assertEquals(history.shapes.get(whole), recover(history.with(torn)));
    }
  }

  @Test
  void everyChangedByteIsFoundOrHarmless() {
    History history = new History(4);
    byte[] all = history.bytes();
    String last = history.shapes.getLast();
    int lastMark = all.length - RecordFormat.HEADER_BYTES;
    for (int at = 0; at < all.length; at++) {
      for (int change : new int[] {0x01, 0x80}) {
        byte[] bad = all.clone();
        bad[at] ^= (byte) change;
        RamStorage storage = history.with(bad);
        try {
          assertEquals(last, recover(storage), "byte " + at);
          assertTrue(at >= history.ends.getFirst(), "byte %d of the head".formatted(at));
        } catch (CorruptionException e) {
          assertEquals(MANIFEST, e.file());
          assertTrue(e.offset() <= at && at < lastMark, "byte %d: %s".formatted(at, e.getMessage()));
        }
      }
    }
  }

  /** Without its mark the last edit looks torn when it is damaged: the documented residual risk. */
  @Test
  void damageOfAnUnmarkedLastEditCutsJustThatEdit() {
    History history = new History(5);
    int end = history.ends.getLast();
    byte[] unmarked = Arrays.copyOf(history.bytes(), end);
    assertEquals(history.shapes.getLast(), recover(history.with(unmarked)));
    int start = history.ends.get(EDITS - 1) + RecordFormat.HEADER_BYTES;
    for (int at = start; at < end; at++) {
      byte[] bad = unmarked.clone();
      bad[at] ^= 0x10;
      VersionSet set = VersionSet.recover(history.with(bad), NO_ROLL);
      String found = VersionText.shape(set.current());
      assertEquals(history.shapes.get(EDITS - 1), found, "byte " + at);
      assertTrue(set.recovered().cutOffset() >= start - RecordFormat.HEADER_BYTES);
      assertEquals(end - set.recovered().cutOffset(), set.recovered().cutBytes());
    }
  }

  @Test
  void lostMarksAreHarmless() {
    History history = new History(6);
    byte[] all = history.bytes();
    for (int k = 1; k <= EDITS; k++) {
      int end = history.ends.get(k);
      Arrays.fill(all, end, end + RecordFormat.HEADER_BYTES, (byte) 0);
    }
    assertEquals(history.shapes.getLast(), recover(history.with(all)));
  }

  @Test
  void currentIsCheckedByteByByte() {
    History history = new History(7);
    byte[] all = history.storage.files.get(ManifestFormat.CURRENT);
    assertTrue(all != null);
    for (int at = 0; at < all.length; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] bad = all.clone();
        bad[at] ^= (byte) change;
        assertThrows(CorruptionException.class, () -> CurrentFile.decode(bad), "byte " + at);
      }
      byte[] cut = Arrays.copyOf(all, at);
      assertThrows(CorruptionException.class, () -> CurrentFile.decode(cut));
    }
    RamStorage gone = history.storage.copy();
    gone.files.remove(MANIFEST);
    CorruptionException e = assertThrows(CorruptionException.class, () -> recover(gone));
    assertEquals(MANIFEST, e.file());
  }

  @Test
  void directoriesThatAreNoStoresAreTold() {
    RamStorage storage = new RamStorage();
    assertFalse(VersionSet.isPresent(storage));
    assertThrows(NotAStoreException.class, () -> VersionSet.recover(storage, NO_ROLL));
    storage.files.put("holiday.jpg", new byte[9]);
    assertThrows(NotAStoreException.class, () -> VersionSet.isPresent(storage));
    assertThrows(NotAStoreException.class, () -> VersionSet.create(storage, 3, 1, NO_ROLL));
    assertThrows(NotAStoreException.class, () -> VersionSet.recover(storage, NO_ROLL));
    storage.files.put(MANIFEST, new byte[9]);
    CorruptionException e =
        assertThrows(CorruptionException.class, () -> VersionSet.recover(storage, NO_ROLL));
    assertEquals(ManifestFormat.CURRENT, e.file());
    RamStorage store = new History(8).storage;
    assertThrows(IllegalStateException.class, () -> VersionSet.create(store, 3, 1, NO_ROLL));
  }

  @Test
  void whatANewerVersionWroteIsRefused() throws IOException {
    Version empty = Version.empty(3);
    byte[] snapshot = EditCodec.encode(EditCodec.snapshot(empty));
    byte[] header = new ManifestHeader(7, 3).encode();
    refused(2, header, 0, 2, snapshot);
    refused(2, header, 12, 1, snapshot); // a required feature
    refused(2, header, 28, 4, snapshot); // keyspace ids
    refused(99, header, 0, 1, snapshot); // an unknown type of record behind the header
    refused(2, header, 0, 1, new byte[] {99, 0}); // an unknown item of an edit
    byte[] optional = header.clone();
    optional[20] = 1;
    assertEquals(VersionText.shape(empty), recover(handMade(2, optional, snapshot)));
  }

  private static void refused(int type, byte[] header, int at, int value, byte[] snapshot)
      throws IOException {
    byte[] changed = header.clone();
    changed[at] = (byte) value;
    RamStorage storage = handMade(type, changed, snapshot);
    List<String> before = storage.list();
    assertThrows(UnsupportedFormatException.class, () -> recover(storage));
    assertEquals(before, storage.list());
  }

  private static RamStorage handMade(int type, byte[] header, byte[] snapshot) throws IOException {
    RamStorage storage = new RamStorage();
    RecordWriter writer = new RecordWriter(storage.create(MANIFEST), 1);
    writer.begin(ManifestFormat.RECORD_HEADER);
    writer.put(header, 0, header.length);
    writer.end();
    writer.begin(type);
    writer.put(snapshot, 0, snapshot.length);
    writer.end();
    storage.files.put(ManifestFormat.CURRENT, CurrentFile.encode(1));
    return storage;
  }
}
