package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.version.VersionEdit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of calls on which durability rests. */
final class ManifestSwitchTest {
  @Test
  void aManifestIsSyncedNamedSwitchedAndOnlyThenAreOldOnesDeleted() {
    RamStorage storage = new RamStorage();
    VersionSet.create(storage, 2, 1, ManifestOptions.DEFAULT).close();
    VersionSet.recover(storage, ManifestOptions.DEFAULT).close();
    storage.journal.clear();
    VersionSet.recover(storage, ManifestOptions.DEFAULT).close();
    String name = storage.files.keySet().stream().filter(n -> n.startsWith("M")).toList().getLast();
    assertEquals(
        List.of(
            "CREATE " + name,
            "APPEND " + name,
            "APPEND " + name,
            "SYNC " + name,
            "CREATE CURRENT.tmp",
            "APPEND CURRENT.tmp",
            "SYNC CURRENT.tmp",
            "SYNC_DIRECTORY ",
            "RENAME CURRENT.tmp",
            "SYNC_DIRECTORY ",
            "DELETE " + ManifestFormat.name(1)),
        storage.journal);
  }

  @Test
  void anEditIsAppendedSyncedAndMarked() {
    RamStorage storage = new RamStorage();
    VersionSet set = VersionSet.create(storage, 2, 1, ManifestOptions.DEFAULT);
    storage.journal.clear();
    VersionEdit edit = new VersionEdit();
    edit.reservedRevision = 7;
    set.install(edit);
    String name = ManifestFormat.name(1);
    assertEquals(List.of("APPEND " + name, "SYNC " + name, "APPEND " + name), storage.journal);
    assertEquals(7, set.current().reservedRevision());
  }

  @Test
  void longManifestsRollAndTwoGenerationsStay() {
    RamStorage storage = new RamStorage();
    VersionSet set = VersionSet.create(storage, 2, 1, new ManifestOptions(200, 10));
    for (int i = 1; i <= 300; i++) {
      VersionEdit edit = new VersionEdit();
      edit.reservedRevision = i;
      set.install(edit);
      assertTrue(storage.list().size() <= 3, storage.list()::toString);
      assertTrue(storage.files.values().stream().allMatch(b -> b.length < 500));
    }
    set.close();
    VersionSet again = VersionSet.recover(storage, ManifestOptions.DEFAULT);
    assertEquals(300, again.current().reservedRevision());
  }
}
