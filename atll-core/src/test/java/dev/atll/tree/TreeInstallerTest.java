package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.api.StoreFailedException;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.manifest.ManifestOptions;
import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers put memtables in front while edits are installed: none is lost, and none comes back. */
@Timeout(60)
class TreeInstallerTest {
  private static final int MEMTABLES = 3_000;

  @Test
  void aMemtablePutInFrontWhileAnEditIsInstalledStays() throws Exception {
    try (Storage storage = new SimEnv(1).files().open(Path.of("/db"), true)) {
      run(storage);
    }
  }

  private static void run(Storage storage) throws IOException, InterruptedException {
    VersionSet versions = VersionSet.create(storage, 2, 1, ManifestOptions.DEFAULT);
    TableCache tables = new TableCache(storage, Options.defaults(), Long.MAX_VALUE);
    Version first = versions.current();
    StateHolder states =
        new StateHolder(
            new ReadState(
                new Memtable[] {memtable(0)}, first, ReadTree.of(first, null, tables)));
    TreeInstaller installer =
        new TreeInstaller(versions, tables, states, new Health(), () -> {});
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int id = 1; id < MEMTABLES; id++) {
                    installer.rotate(memtable(id));
                    Thread.onSpinWait();
                  }
                });
    // Flushes take the oldest away, as in the engine; other edits take none.
    long flushed = 0;
    for (long edits = 1; writer.isAlive(); edits++) {
      Memtable[] seen = states.peek().memtables();
      boolean flush = edits % 2 == 0 && seen.length > 1;
      VersionEdit edit = new VersionEdit();
      edit.reservedRevision = edits;
      installer.install(now -> edit, flush ? seen[seen.length - 1] : null);
      flushed += flush ? 1 : 0;
    }
    writer.join();
    long[] expected = LongStream.range(flushed, MEMTABLES).toArray();
    long[] there =
        Arrays.stream(states.peek().memtables()).mapToLong(Memtable::id).sorted().toArray();
    assertEquals(expected.length, there.length, () -> "memtables lost: " + Arrays.toString(there));
    assertArrayEquals(expected, there);
    versions.close();
  }

  /** Or loops would plan on a tree that is not there any more. */
  @Test
  void anEditThatCannotBePublishedEndsWriting() throws Exception {
    try (Storage storage = new SimEnv(1).files().open(Path.of("/db"), true)) {
      VersionSet versions = VersionSet.create(storage, 2, 1, ManifestOptions.DEFAULT);
      TableCache tables = new TableCache(storage, Options.defaults(), Long.MAX_VALUE);
      Version first = versions.current();
      StateHolder states =
          new StateHolder(
              new ReadState(
                  new Memtable[] {memtable(0)}, first, ReadTree.of(first, null, tables)));
      Health health = new Health();
      TreeInstaller installer = new TreeInstaller(versions, tables, states, health, () -> {});
      VersionEdit edit = new VersionEdit();
      long file = versions.nextNumber();
      edit.addedFiles.add(new TableFile(file, 10, 1, 0, 10)); // which is not there
      edit.addedRuns.add(
          new VersionEdit.LevelRun(
              1,
              new Run(
                  versions.nextNumber(), file, new byte[0], null,
                  new RunFigures(1, 1, 1, 0, 10, 0, 0),
                  new Burden())));
      RuntimeException thrown =
          assertThrows(RuntimeException.class, () -> installer.install(now -> edit));
      assertTrue(health.isPoisoned(), thrown::toString);
      assertTrue(installer.isInDoubt());
      assertFalse(installer.mayDelete(List.of(file)));
      assertThrows(
          StoreFailedException.class, () -> installer.install(now -> new VersionEdit()));
      versions.close();
    }
  }

  private static Memtable memtable(long id) {
    return new Memtable(id, 1);
  }
}
