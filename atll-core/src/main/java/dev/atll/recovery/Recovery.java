package dev.atll.recovery;

import dev.atll.api.CorruptionException;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.StorageIoException;
import dev.atll.env.Clock;
import dev.atll.env.Storage;
import dev.atll.manifest.ManifestOptions;
import dev.atll.manifest.VersionSet;
import dev.atll.mvcc.Retention;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.sstable.TableNames;
import dev.atll.tree.TableCache;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.wal.RecoveredLog;
import dev.atll.wal.TailCut;
import dev.atll.wal.WalFiles;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Rebuilds a store after a stop, clean or not: the manifest gives the tree, the log gives what came
 * after it. Nothing that a crash may have left half done is trusted: tables must be there in full
 * length, files that no edit names are swept, and numbering goes on above all that may ever have been
 * handed out.
 */
public final class Recovery {
  private Recovery() {}

  /**
   * Refuses a directory in which there is no store and none may be made. A first look, before the
   * directory is locked; what it lets pass may still be refused by {@link #run}.
   *
   * @throws NotAStoreException if so; nothing was changed
   */
  public static void refuseOthers(Storage storage, Options options) {
    boolean present;
    try {
      present = VersionSet.isPresent(storage);
    } catch (CorruptionException e) {
      // Perhaps only another process that is making a store at this moment: the lock will tell.
      return;
    }
    if (!present && !options.createIfMissing()) {
      throw new NotAStoreException(
          storage.path() + " holds no store, and Options.createIfMissing is off");
    }
  }

  /**
   * Opens what is in the directory, or makes a new store.
   *
   * <p>A log that is longer than memory should hold goes to tables while it is read.
   *
   * @param tables where tables are opened that were made of the log
   * @param filters which filters those tables get
   * @param memtableSeeds gives the seed of the memtable with a number
   * @throws NotAStoreException if there is no store and none may be made, or foreign files are there
   * @throws CorruptionException if something that was durable is damaged or missing
   */
  public static RecoveredStore run(
      Storage storage,
      Options options,
      TableCache tables,
      FlushFilters filters,
      RandomGenerator random,
      LongUnaryOperator memtableSeeds,
      Clock clock,
      EventSink events) {
    long began = clock.nanoTime();
    if (!VersionSet.isPresent(storage)) {
      if (!options.createIfMissing()) {
        throw new NotAStoreException(
            storage.path() + " holds no store, and Options.createIfMissing is off");
      }
      return create(storage, options, random, new ManifestNews(clock, events));
    }
    VersionSet versions =
        VersionSet.recover(
            storage, ManifestOptions.DEFAULT, new ManifestNews(clock, events));
    boolean done = false;
    try {
      tables.fit(versions.current());
      tables.willOpen(versions.current());
      requireTables(storage, versions.current());
      LogReplay replay =
          new LogReplay(
              storage,
              versions,
              tables,
              filters,
              new LogReplay.Rules(
                  memtableSeeds,
                  log -> retention(versions.current(), log, options),
                  ReplayBudget.of(options, Runtime.getRuntime().maxMemory())),
              clock,
              events);
      RecoveredLog log = replay.run();
      int orphans = sweep(storage, versions.current());
      long lastRevision = lastRevision(versions.current(), log);
      report(clock, events, began, log, replay.entriesInserted(), lastRevision, orphans);
      RecoveredStore found =
          new RecoveredStore(
              versions,
              log,
              replay.memtables(),
              replay.memtablesMade(),
              lastFound(versions.current(), log),
              lastRevision,
              false,
              orphans);
      done = true;
      return found;
    } catch (IOException e) {
      throw new StorageIoException("recovery of " + storage.path() + " failed", e);
    } finally {
      if (!done) {
        versions.close();
      }
    }
  }

  /** What flushes during recovery must keep: as if the store were open, and nothing held. */
  private static Retention retention(Version version, RecoveredLog log, Options options) {
    long visible = lastRevision(version, log);
    long reachable =
        version
            .gaps()
            .plus(lastFound(version, log), visible)
            .floor(visible, options.retainedRevisions());
    return new Retention(Math.max(version.retainedFloor(), reachable), new long[0]);
  }

  private static void addGuards(VersionSet versions, Options options) {
    if (options.splitKeys().isEmpty()) {
      return;
    }
    VersionEdit edit = new VersionEdit();
    List<byte[]> keys =
        options.splitKeys().stream().sorted(java.util.Arrays::compareUnsigned).toList();
    for (int level = options.levelCount(); level >= 1; level--) {
      byte[] before = new byte[0];
      for (byte[] key : keys) {
        if (!java.util.Arrays.equals(key, before)) {
          edit.addedGuards.add(new VersionEdit.LevelGuard(level, key));
        }
        before = key;
      }
    }
    versions.install(edit);
  }

  private static RecoveredStore create(
      Storage storage, Options options, RandomGenerator random, ManifestNews news) {
    VersionSet versions =
        VersionSet.create(
            storage, options.levelCount(), random.nextLong(), ManifestOptions.DEFAULT, news);
    boolean done = false;
    try {
      addGuards(versions, options);
      done = true;
    } finally {
      if (!done) {
        versions.close();
      }
    }
    return new RecoveredStore(versions, RecoveredLog.EMPTY, List.of(), 0, 0, 0, true, 0);
  }

  private static void requireTables(Storage storage, Version version) throws IOException {
    for (TableFile file : version.files().values()) {
      String name = TableNames.fileName(file.number());
      if (!storage.exists(name)) {
        throw new CorruptionException(name, 0, "table file is missing");
      }
      long length = storage.length(name);
      if (length != file.bytes()) {
        throw new CorruptionException(
            name,
            Math.min(length, file.bytes()),
            String.format(
                Locale.ROOT,
                "table file is %d bytes long, the manifest says %d",
                length, file.bytes()));
      }
    }
  }

  /**
   * Numbering goes on above the reserve: revisions that nobody can see any more may have been handed
   * out. A close in good order has given the reserve back. That the log looks closed says nothing:
   * a power cut may have taken a later segment with its name.
   */
  private static long lastRevision(Version version, RecoveredLog log) {
    return Math.max(version.reservedRevision(), lastFound(version, log));
  }

  private static long lastFound(Version version, RecoveredLog log) {
    return Math.max(version.flushedRevision(), log.lastRevision());
  }

  private static int sweep(Storage storage, Version version) throws IOException {
    int swept = 0;
    for (String name : storage.list()) {
      long number = TableNames.fileNumber(name);
      if (number >= 0 && !version.files().containsKey(number)) {
        storage.delete(name);
        swept++;
      }
    }
    return swept;
  }

  private static void report(
      Clock clock,
      EventSink events,
      long began,
      RecoveredLog log,
      long entries,
      long lastRevision,
      int orphans) {
    long now = clock.nanoTime();
    TailCut cut = log.tailCut();
    if (cut != null) {
      events.emit(
          new RecoveryEvent.TailCut(
              now, WalFiles.number(cut.file()), cut.offset(), cut.bytesDropped()));
    }
    events.emit(
        new RecoveryEvent.Completed(
            now,
            log.segments().size(),
            entries,
            lastRevision,
            orphans,
            log.sealed(),
            now - began));
  }
}
