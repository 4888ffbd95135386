package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.Durability;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.RepairReport;
import dev.atll.api.StorageIoException;
import dev.atll.api.WriteBatch;
import dev.atll.base.EntryCursor;
import dev.atll.env.DirectoryLockedException;
import dev.atll.env.Env;
import dev.atll.env.Storage;
import dev.atll.observe.Observer;
import dev.atll.recovery.Salvage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Copies what is whole of a damaged store to a new one. */
public final class Repair {
  private static final int BATCH_BYTES = 256 << 10;

  private Repair() {}

  /**
   * Repairs; the damaged directory is not changed.
   *
   * @param from holds the damaged store, which nobody may have open
   * @param to a directory without a store
   * @throws NotAStoreException if {@code to} holds a store already, or {@code from} holds no file
   */
  public static RepairReport run(Path from, Path to, Options options, Env env) {
    try (Storage storage = env.files().open(from, false)) {
      if (storage.list().isEmpty()) {
        throw new NotAStoreException(from + " holds no file of a store");
      }
      AutoCloseable lock = storage.lock();
      try {
        return copy(storage, to, options, env);
      } finally {
        release(lock);
      }
    } catch (DirectoryLockedException e) {
      throw new DirectoryInUseException(
          String.format(
              Locale.ROOT,
              "directory %s is in use by another store; close that one first",
              from), e);
    } catch (IOException e) {
      throw new StorageIoException("reading " + from + " failed", e);
    }
  }

  private static void release(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      // The process still holds it until it ends; nothing here can change that.
    }
  }

  private static RepairReport copy(Storage storage, Path to, Options options, Env env)
      throws IOException {
    Options quick = options.toBuilder().durability(Durability.OS).build();
    try (Salvage salvage = new Salvage(storage);
        AtllDb db = Stores.open(to, quick, env, Observer.none())) {
      if (db.visibleRevision() != 0) {
        throw new NotAStoreException(to + " holds a store already: repair into a new directory");
      }
      WriteBatch batch = new WriteBatch();
      long[] figures = new long[2];
      while (salvage.next(entry -> figures[1] += put(batch, entry))) {
        figures[0]++;
        if (figures[1] > BATCH_BYTES) {
          db.write(batch);
          batch.clear();
          figures[1] = 0;
        }
      }
      db.write(batch);
      db.flush();
      return new RepairReport(figures[0], salvage.tablesLost(), salvage.problems());
    }
  }

  private static long put(WriteBatch batch, EntryCursor entry) {
    byte[] value =
        entry
            .valueSegment()
            .asSlice(entry.valueOffset(), entry.valueLength())
            .toArray(ValueLayout.JAVA_BYTE);
    batch.put(
        Arrays.copyOfRange(
            entry.keyArray(), entry.keyOffset(), entry.keyOffset() + entry.keyLength()),
        value);
    return (long) value.length + entry.keyLength();
  }
}
