package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
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
import dev.atll.recovery.LogSpill;
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
    // Limits on input do not bind what is stored already: those of the store that wrote it may have
    // been larger.
    Options widest =
        options.toBuilder()
            .durability(Durability.OS)
            .keyBytesMax(1 << 20)
            .valueBytesMax(1 << 30)
            .batchBytesMax(1 << 30)
            .build();
    try (AtllDb db = Stores.open(to, widest, env, Observer.none())) {
      if (db.visibleRevision() != 0) {
        throw new NotAStoreException(to + " holds a store already: repair into a new directory");
      }
      try (LogSpill spill = new LogSpill(env.files().open(to, false), options);
          Salvage salvage = new Salvage(storage, spill)) {
        long saved = copy(salvage, db);
        db.flush();
        return new RepairReport(saved, salvage.tablesLost(), salvage.problems());
      }
    }
  }

  private static long copy(Salvage salvage, AtllDb db) {
    WriteBatch batch = new WriteBatch();
    long[] saved = new long[1];
    while (salvage.next(entry -> saved[0] += save(salvage, db, batch, entry))) {
      if (batch.encodedLength() > BATCH_BYTES) {
        db.write(batch);
        batch.clear();
      }
    }
    db.write(batch);
    return saved[0];
  }

  /** Adds an entry to the batch, or writes it alone if it is large; returns how many were saved. */
  private static int save(Salvage salvage, AtllDb db, WriteBatch batch, EntryCursor entry) {
    byte[] key =
        Arrays.copyOfRange(
            entry.keyArray(), entry.keyOffset(), entry.keyOffset() + entry.keyLength());
    WriteBatch to = batch;
    try {
      byte[] value =
          entry
              .valueSegment()
              .asSlice(entry.valueOffset(), entry.valueLength())
              .toArray(ValueLayout.JAVA_BYTE);
      if (value.length > BATCH_BYTES) {
        to = new WriteBatch();
      }
      to.put(key, value);
    } catch (InvalidInputException | InternalError | OutOfMemoryError e) {
      // Nothing of it is in a batch yet, so that all others can still be saved.
      salvage.notSaved(key, String.valueOf(e.getMessage()));
      return 0;
    }
    try {
      if (to != batch) {
        db.write(to);
      }
    } catch (InvalidInputException e) {
      salvage.notSaved(key, String.valueOf(e.getMessage()));
      return 0;
    }
    return 1;
  }
}
