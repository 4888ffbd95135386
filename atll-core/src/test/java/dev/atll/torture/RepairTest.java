package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.RepairReport;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Repairs of small stores, sound and with one byte changed. */
final class RepairTest {
  private static final Path TO = Path.of("/repaired");

  private static RepairReport repair(SmallStore store, SimFileSystem files) {
    SimEnv env = new SimEnv(1, files);
    return Atll.repair(World.DIRECTORY, TO, store.set().options(), env);
  }

  private static NavigableMap<Bytes, Bytes> contents(SmallStore store, SimFileSystem files) {
    NavigableMap<Bytes, Bytes> found = new TreeMap<>();
    try (AtllDb db = Atll.open(TO, store.set().options(), Observer.none(), new SimEnv(2, files));
        Cursor cursor = db.cursor(Range.ALL.forStore())) {
      while (cursor.next()) {
        found.put(Bytes.of(cursor.keyBytes()), Bytes.of(cursor.valueBytes()));
      }
    }
    return found;
  }

  private static NavigableMap<Bytes, Bytes> live(SmallStore store) {
    NavigableMap<Bytes, Bytes> live = new TreeMap<>();
    store.model().live().forEach((key, value) -> live.put(key, value.value()));
    return live;
  }

  @Test
  void allOfASoundStoreIsSaved() {
    for (int variant = 0; variant < SmallStore.VARIANTS; variant++) {
      SmallStore store = SmallStore.make(variant);
      SimFileSystem files = store.copy();
      RepairReport report = repair(store, files);
      assertEquals(java.util.List.of(), report.problems());
      assertEquals(live(store), contents(store, files));
      assertEquals(live(store).size(), report.entries());
    }
  }

  /** Whatever byte is changed: what is saved was written once, and nothing is missing in silence. */
  @Test
  void whatIsNotSavedIsTold() throws IOException {
    int told = 0;
    int tried = 0;
    for (int variant = 0; variant < SmallStore.VARIANTS; variant++) {
      SmallStore store = SmallStore.make(variant);
      NavigableMap<Bytes, Bytes> live = live(store);
      for (String name : store.names()) {
        int length = store.files().read(SmallStore.path(name)).length;
        for (int at = variant; at < length; at += 97) {
          SimFileSystem files = store.copy();
          files.corrupt(SmallStore.path(name), at, 1 << (at % 8));
          RepairReport report = repair(store, files);
          NavigableMap<Bytes, Bytes> found = contents(store, files);
          tried++;
          if (report.problems().isEmpty()) {
            assertEquals(live, found, "byte " + at + " of " + name);
          } else {
            told++;
            assertTrue(
                found.size() >= live.size() / 3,
                () -> found.size() + " saved of " + live.size() + ": " + report.problems());
          }
        }
      }
    }
    assertTrue(told > tried / 2, told + " of " + tried);
  }
}
