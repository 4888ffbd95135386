package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.api.Options;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.manifest.ManifestOptions;
import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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

  private static Memtable memtable(long id) {
    return new Memtable(id, 1);
  }
}
