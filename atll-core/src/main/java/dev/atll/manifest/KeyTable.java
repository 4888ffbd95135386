package dev.atll.manifest;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The distinct keys of one edit, in order, each as what it does not share with the one before. A key
 * is a guard of up to every level and a bound of many runs: written out each time, keys of 60 KB made
 * manifests larger than the data.
 */
final class KeyTable {
  // From here on a table is worth its own bytes; shorter edits are as they always were.
  private static final int KEY_BYTES_MIN = 1024;
  // Each of so many keys is written whole: a record decodes to at most so many times its bytes.
  private static final int RESTART = 128;

  private final TreeMap<byte[], Integer> places = new TreeMap<>(Keys::compare);

  private KeyTable() {}

  /** The table of an edit, or null if its keys are few and short. */
  static @Nullable KeyTable of(VersionEdit edit) {
    KeyTable table = new KeyTable();
    long bytes = 0;
    for (LevelGuard guard : edit.removedGuards) {
      bytes += table.add(guard.key());
    }
    for (LevelGuard guard : edit.addedGuards) {
      bytes += table.add(guard.key());
    }
    for (LevelRun added : edit.addedRuns) {
      bytes += table.add(added.run().low());
      byte[] high = added.run().high();
      bytes += high == null ? 0 : table.add(high);
    }
    if (bytes < KEY_BYTES_MIN) {
      return null;
    }
    int place = 0;
    for (var entry : table.places.entrySet()) {
      entry.setValue(place++);
    }
    return table;
  }

  private int add(byte[] key) {
    places.put(key, 0);
    return key.length;
  }

  /** The place of a key that the edit has. */
  int placeOf(byte[] key) {
    Integer place = places.get(key);
    if (place == null) {
      throw new IllegalArgumentException("the edit has no such key");
    }
    return place;
  }

  void write(PayloadOut out) {
    out.number(places.size());
    byte[] last = Keys.EMPTY;
    int place = 0;
    for (byte[] key : places.keySet()) {
      int mismatch = place++ % RESTART == 0 ? 0 : Arrays.mismatch(last, key);
      int shared = mismatch < 0 ? key.length : mismatch;
      out.number(shared);
      out.number(key.length - shared);
      out.bytes(key, shared, key.length - shared);
      last = key;
    }
  }

  /** Reads a table; one array a key, however often the edit names it. */
  static byte[][] read(PayloadIn in) {
    long count = in.number("keys");
    // Each takes two bytes at least.
    if (count > in.left() / 2) {
      throw in.bad("more keys than the record has room for");
    }
    byte[][] keys = new byte[(int) count][];
    byte[] last = Keys.EMPTY;
    for (int i = 0; i < keys.length; i++) {
      long shared = in.number("shared part of a key");
      if (shared > (i % RESTART == 0 ? 0 : last.length)) {
        throw in.bad("key " + i + " shares more than there is");
      }
      byte[] key = in.key(last, (int) shared, "rest of a key");
      if (i > 0 && Keys.compare(last, key) >= 0) {
        throw in.bad("keys out of order at " + i);
      }
      keys[i] = key;
      last = key;
    }
    return keys;
  }
}
