package dev.atll.bench.deciding;

import dev.atll.Atll;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.env.Storage;
import dev.atll.manifest.ManifestOptions;
import dev.atll.manifest.VersionSet;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.TableSetWriter;
import dev.atll.tree.RunViews;
import dev.atll.tree.TableCache;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.TableFile;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a store with a tree of a {@link TreeShape} by writing its tables and one edit: growing it would take
 * an hour, of which most goes into what is to be measured.
 */
final class TreeMaker {
  // Tables of a level below others are as large as a merge into so many slots makes them.
  private static final int SLOTS_A_TABLE = 10;

  private final TreeShape shape;
  private final Options options;

  TreeMaker(TreeShape shape) {
    this.shape = shape;
    this.options = shape.options();
  }

  /** Makes the store in a directory without one. */
  void make(Path directory) throws IOException {
    Atll.open(directory, options).close();
    Env env = Env.system();
    try (Storage storage = env.files().open(directory, false);
        VersionSet versions = VersionSet.recover(storage, ManifestOptions.DEFAULT)) {
      TableCache tables = new TableCache(storage, options, env.memoryBytes());
      try {
        VersionEdit edit = new VersionEdit();
        addGuards(versions.current().levelCount(), edit);
        long revision = 1;
        for (int level = shape.depth(); level >= 1; level--) {
          revision = fill(level, revision, guardsOf(edit, level), storage, tables, versions, edit);
        }
        edit.flushedRevision = revision - 1;
        edit.reservedRevision = revision - 1;
        versions.install(edit);
      } finally {
        tables.closeAll();
      }
    } finally {
      env.workers().close();
    }
  }

  /** Guards of the deepest level lie evenly; each level above has some of them, those below it all. */
  private void addGuards(int levels, VersionEdit edit) {
    byte[][] keys = new byte[shape.slots(shape.depth()) - 1][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = shape.key((i + 1) * shape.keys() / (keys.length + 1));
    }
    for (int level = shape.depth(); level <= levels; level++) {
      add(level, keys, edit);
    }
    for (int level = shape.depth() - 1; level >= 1; level--) {
      byte[][] some = new byte[shape.slots(level) - 1][];
      for (int i = 0; i < some.length; i++) {
        some[i] = keys[(int) ((i + 1L) * (keys.length + 1) / (some.length + 1)) - 1];
      }
      add(level, some, edit);
      keys = some;
    }
  }

  private static void add(int level, byte[][] keys, VersionEdit edit) {
    for (byte[] key : keys) {
      edit.addedGuards.add(new VersionEdit.LevelGuard(level, key));
    }
  }

  private static Guards guardsOf(VersionEdit edit, int level) {
    return Guards.of(
        edit.addedGuards.stream()
            .filter(guard -> guard.level() == level)
            .map(VersionEdit.LevelGuard::key)
            .toArray(byte[][]::new));
  }

  /** Writes the tables of a level, a view of one in each slot; returns the next revision. */
  private long fill(
      int level,
      long firstRevision,
      Guards guards,
      Storage storage,
      TableCache tables,
      VersionSet versions,
      VersionEdit edit)
      throws IOException {
    long entries = shape.entries(level);
    byte[][] cuts = guards.keys();
    long tableBytes = SLOTS_A_TABLE * entries / guards.slotCount() * TreeShape.entryBytes();
    TableSetWriter writer =
        new TableSetWriter(
            storage, versions::nextNumber, tables.options(), cuts, cuts, tableBytes);
    Entries cursor = new Entries();
    for (long i = 0; i < entries; i++) {
      cursor.set(i * shape.keys() / entries, firstRevision + i);
      writer.add(cursor);
    }
    List<TableInfo> infos = writer.finish();
    RunViews views = new RunViews(tables, versions::nextNumber);
    long revision = firstRevision;
    int slot = 0;
    for (TableInfo info : infos) {
      edit.addedFiles.add(
          new TableFile(
              info.fileNumber(),
              info.fileBytes(),
              info.entries(),
              info.tombstones(),
              info.keyBytes() + info.valueBytes()));
      long last = revision + info.entries() - 1;
      List<Run> runs = new ArrayList<>();
      while (slot < guards.slotCount()) {
        Run run =
            views.create(
                info.fileNumber(),
                guards.low(slot),
                guards.high(slot),
                revision,
                last,
                level < shape.depth() ? 1000 : 0,
                0,
                new Burden());
        if (run == null && !runs.isEmpty()) {
          break;
        }
        if (run != null) {
          runs.add(run);
        }
        slot++;
      }
      runs.forEach(run -> edit.addedRuns.add(new VersionEdit.LevelRun(level, run)));
      revision = last + 1;
    }
    return revision;
  }

  /** The entry that is written next. */
  private final class Entries extends OneEntry {
    private final byte[] key = shape.key(0);

    void set(long rank, long revision) {
      shape.writeKey(rank, key);
      set(key, revision, TreeShape.value(rank));
    }
  }
}
