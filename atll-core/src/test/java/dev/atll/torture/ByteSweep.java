package dev.atll.torture;

import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.env.OpKind;
import dev.atll.env.sim.SimFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Every byte of every file of a small store is changed in turn: one bit, to zero, to 0xFF. What
 * follows is the right answer, or an error that names a file; never a wrong answer, another
 * exception, or a wait without end.
 *
 * @param variants how many of the stores of {@link SmallStore}
 * @param every one in so many bytes is tried; 1 for all
 */
record ByteSweep(int variants, int every) implements Stage {
  @Override
  public boolean run(Campaign campaign) {
    for (int i = 0; i < variants; i++) {
      int variant = Math.floorMod(campaign.firstSeed + i, SmallStore.ALL_VARIANTS);
      SmallStore store = SmallStore.make(variant);
      try {
        // The manifest first: it is small, and most depends on it.
        for (String name : store.names().reversed()) {
          if (!sweep(store, variant, name, campaign)) {
            return false;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  private boolean sweep(SmallStore store, int variant, String name, Campaign campaign)
      throws IOException {
    Figures figures = campaign.figures;
    byte[] bytes = store.files().read(SmallStore.path(name));
    NavigableMap<Bytes, Model.Live> live = store.model().at(store.model().steps());
    for (int at = variant % every; at < bytes.length; at += every) {
      int old = bytes[at] & 0xFF;
      for (int mask : new int[] {1 << (at % 8), old, old ^ 0xFF}) {
        if (mask == 0) {
          continue; // it has this value already
        }
        if (!campaign.goesOn()) {
          return false;
        }
        SimFileSystem damaged = store.copy();
        damaged.corrupt(SmallStore.path(name), at, mask);
        figures.bytesChanged++;
        try {
          figures.bytesNoticed += check(store, damaged, live, name) ? 1 : 0;
          figures.blocksRead += damaged.operations(OpKind.READ_BLOCK);
        } catch (RuntimeException | AssertionError e) {
          figures.wrong++;
          throw new AssertionError(
              ("byte %d of %d of %s, 0x%02x for 0x%02x: %s%nreplay: mvn test -pl atll-core -am"
                      + " -Dtest=SweepTest -Dsweep=bytes -Dseed=%d")
                  .formatted(at, bytes.length, name, old ^ mask, old, e, variant),
              e);
        }
      }
    }
    return true;
  }

  /** Returns whether the damage was noticed. */
  private static boolean check(
      SmallStore store,
      SimFileSystem damaged,
      NavigableMap<Bytes, Model.Live> live,
      String name) {
    World world;
    try {
      world = store.open(damaged);
    } catch (CorruptionException e) {
      requireNames(e, name);
      return true;
    }
    boolean noticed = false;
    NavigableMap<Bytes, Model.Live> expected = live;
    boolean tail = false;
    if (name.endsWith(".wal") && store.oldest() < store.model().steps()) {
      // The end of a log that was not closed may be cut where it is damaged. What it then holds
      // must be a state of the model, and not an old one.
      int state =
          store.model().find(world.digest(), store.oldest(), store.model().steps());
      if (state < 0) {
        throw new AssertionError("a state that never was, or is too old");
      }
      tail = state < store.model().steps();
      expected = store.model().at(state);
    }
    noticed |= scan(world, expected, true, name) | scan(world, expected, false, name);
    for (int i = 0; i < 26; i++) {
      Bytes key = SmallStore.key(i);
      Model.Live value = expected.get(key);
      try {
        byte[] found = world.db().get(key.array());
        World.expectEqual(
            "get " + key,
            value == null ? null : value.value(),
            found == null ? null : Bytes.of(found));
      } catch (CorruptionException e) {
        requireNames(e, name);
        noticed = true;
      }
    }
    boolean found = false;
    try {
      world.db().verify();
    } catch (CorruptionException e) {
      requireNames(e, name);
      found = true;
    }
    if (noticed && !found) {
      throw new AssertionError("a read found the damage, and verify did not");
    }
    SmallStore.useAll(world);
    return noticed || found || tail;
  }

  /** Compares as far as it goes; returns whether it ended in an error. */
  private static boolean scan(
      World world, NavigableMap<Bytes, Model.Live> expected, boolean forward, String name) {
    TreeMap<Bytes, Model.Live> rest = new TreeMap<>(expected);
    try (Cursor cursor = world.db().cursor(Range.ALL.forStore())) {
      while (forward ? cursor.next() : cursor.previous()) {
        var next = forward ? rest.pollFirstEntry() : rest.pollLastEntry();
        Bytes key = Bytes.of(cursor.keyBytes());
        Model.Live live = new Model.Live(cursor.revision(), Bytes.of(cursor.valueBytes()));
        if (next == null || !next.getKey().equals(key) || !next.getValue().equals(live)) {
          throw new AssertionError(
              "a scan comes to %s=%s, expected %s".formatted(key, live, next));
        }
      }
    } catch (CorruptionException e) {
      requireNames(e, name);
      return true;
    }
    if (!rest.isEmpty()) {
      throw new AssertionError("a scan ends before " + rest);
    }
    return false;
  }

  private static void requireNames(CorruptionException e, String name) {
    if (!e.file().equals(name) && !name.equals("CURRENT")) {
      throw new AssertionError("the error names " + e.file() + ", the damage is in " + name, e);
    }
    if (e.offset() < 0) {
      throw new AssertionError("no place in the file", e);
    }
  }
}
