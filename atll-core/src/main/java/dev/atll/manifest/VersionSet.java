package dev.atll.manifest;

import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.NotAStoreException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.record.RecordFormat;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The version in force and its manifest: the one door through which the tree changes.
 *
 * <p><b>Numbers.</b> Tables, log segments, manifests and runs share one sequence. A ceiling is made
 * durable before any number below it is handed out ({@link Version#nextNumber()} is that ceiling),
 * and after a restart numbering begins at the ceiling, so that a number is never used twice, whatever
 * a crash left behind. Manifest files of an interrupted start are the only ones that can lie above
 * the ceiling; they are skipped.
 *
 * <p><b>Failure.</b> Once a sync, a switch of manifests or a write with unknown effect has failed,
 * nothing more is installed ({@link StoreFailedException}), no sync is repeated, and no file may be
 * deleted by anybody: the edit may or may not turn up when the store is opened again, so all tables
 * it removes and all it adds must be there. A full disk is milder: the edit whose record provably
 * was not completed is refused with {@link StorageFullException}, and later ones go to a new manifest.
 *
 * <p>Thread-safe. {@link #current()} is a volatile read; installing is serial and does I/O under the
 * lock, since edits must reach the file in the order in which they are applied. Only engine threads
 * may install.
 */
public final class VersionSet implements AutoCloseable {
  private static final int OPEN_TRIES = 5;

  private final Storage storage;
  private final ManifestOptions options;
  private final ManifestListener listener;
  private final ManifestHeader header;
  private final RecoveredManifest recovered;
  private final Object lock = new Object();
  private volatile Version current;
  private volatile @Nullable Throwable failure;

  // All below are guarded by lock.
  private @Nullable ManifestWriter writer;
  private long manifestNumber;
  // What CURRENT must name when the first manifest of this object is put in force; -1 for no matter.
  private long expectedCurrent = -1;
  private long nextNumber;
  // Where the edits begin in the manifest, or where the last vain attempt to roll was made.
  private long rollBase;
  private long bytesBefore;
  // The file ends in an incomplete record: nothing may follow it, or it would look like damage.
  private boolean tornTail;
  private boolean closed;

  private VersionSet(
      Storage storage,
      ManifestOptions options,
      ManifestListener listener,
      ManifestHeader header,
      RecoveredManifest recovered,
      Version current) {
    this.listener = listener;
    this.storage = storage;
    this.options = options;
    this.header = header;
    this.recovered = recovered;
    this.current = current;
  }

  /**
   * Whether the directory holds a store.
   *
   * @return true if {@link #recover} applies, false if {@link #create} does: the directory is empty,
   *     or an earlier creation did not get as far as a first {@code CURRENT}
   * @throws NotAStoreException if it holds files, but none of a store
   * @throws CorruptionException if {@code CURRENT} is missing from among the files of a store
   */
  public static boolean isPresent(Storage storage) {
    List<String> names = list(storage);
    if (names.contains(ManifestFormat.CURRENT)) {
      return true;
    }
    String foreign = null;
    boolean manifests = false;
    for (String name : names) {
      if (ManifestFormat.number(name) >= 0) {
        manifests = true;
      } else if (!name.equals(ManifestFormat.CURRENT_TMP)) {
        foreign = name;
      }
    }
    if (foreign == null) {
      return false;
    }
    // A store makes its first file besides these only after CURRENT.
    if (manifests) {
      throw new CorruptionException(
          ManifestFormat.CURRENT, 0, "missing, though there are manifests and " + foreign);
    }
    throw new NotAStoreException(
        String.format(
            Locale.ROOT,
            "%s holds files such as %s, but no store; choose another directory or an empty one",
            storage.path(), foreign));
  }

  /**
   * Makes the manifest of a new store. Must come before any other file of the store.
   *
   * @param levelCount guard-cut levels, 1 to 64
   * @param storeId a random number, told by every manifest
   * @throws IllegalStateException if {@link #isPresent}
   * @throws AtllException as {@link #isPresent}; or if the disk fails or is full
   */
  public static VersionSet create(
      Storage storage, int levelCount, long storeId, ManifestOptions options) {
    return create(storage, levelCount, storeId, options, ManifestListener.NONE);
  }

  /** As {@link #create(Storage, int, long, ManifestOptions)}, told to a listener. */
  public static VersionSet create(
      Storage storage,
      int levelCount,
      long storeId,
      ManifestOptions options,
      ManifestListener listener) {
    if (levelCount < 1 || levelCount > ManifestFormat.LEVELS_MAX) {
      throw new IllegalArgumentException("levelCount " + levelCount);
    }
    if (isPresent(storage)) {
      throw new IllegalStateException("a store exists in " + storage.path());
    }
    ManifestHeader header = new ManifestHeader(storeId, levelCount);
    RecoveredManifest nothing = new RecoveredManifest("", 0, -1, 0);
    return start(
        new VersionSet(storage, options, listener, header, nothing, Version.empty(levelCount)),
        -1,
        -1);
  }

  /**
   * Reads the manifest in force, and begins a new one. The one read is kept, as an older generation
   * for repairs, until the next begins.
   *
   * @throws NotAStoreException if there is no store here
   * @throws CorruptionException if a manifest is damaged: names the file and the offset
   * @throws dev.atll.api.UnsupportedFormatException if a newer version wrote it
   * @throws AtllException if the disk fails or is full
   */
  public static VersionSet recover(Storage storage, ManifestOptions options) {
    return recover(storage, options, ManifestListener.NONE);
  }

  /** As {@link #recover(Storage, ManifestOptions)}, told to a listener. */
  public static VersionSet recover(
      Storage storage, ManifestOptions options, ManifestListener listener) {
    if (!isPresent(storage)) {
      throw new NotAStoreException(storage.path() + " holds no store");
    }
    try {
      long number = CurrentFile.read(storage);
      long inForce = number;
      for (int tries = 0; tries < OPEN_TRIES; tries++) {
        ManifestReader.Contents contents = ManifestReader.read(storage, number);
        VersionSet set =
            start(
                new VersionSet(
                    storage,
                    options,
                    listener,
                    contents.header(),
                    contents.found(),
                    contents.version()),
                number,
                inForce);
        // An owner whose lock was dropped may have logged an edit since it was read. It looks for
        // our CURRENT after each edit, and we for its edit after CURRENT: one of us sees the other.
        boolean complete = false;
        try {
          complete = storage.length(ManifestFormat.name(number)) == contents.length();
          if (complete) {
            return set;
          }
          inForce = set.manifestNumber();
        } finally {
          if (!complete) {
            set.close();
          }
        }
      }
      throw new StorageIoException(
          storage.path() + " is being written to by another process: manifest " + number + " grows");
    } catch (IOException e) {
      throw StorageErrors.of("reading the manifest", e);
    }
  }

  private static VersionSet start(VersionSet set, long manifestInForce, long expectedCurrent) {
    synchronized (set.lock) {
      set.expectedCurrent = expectedCurrent;
      long free = set.current.nextNumber();
      for (String name : list(set.storage)) {
        free = Math.max(free, ManifestFormat.number(name) + 1);
      }
      set.nextNumber = free;
      set.manifestNumber = manifestInForce;
      try {
        set.beginManifest();
      } catch (IOException e) {
        set.closeAfter(e);
        throw StorageErrors.of("beginning a manifest", e);
      } catch (Throwable e) {
        set.closeAfter(e);
        throw e;
      }
    }
    return set;
  }

  private long manifestNumber() {
    synchronized (lock) {
      return manifestNumber;
    }
  }

  private static List<String> list(Storage storage) {
    try {
      return storage.list();
    } catch (IOException e) {
      throw StorageErrors.of("listing the directory", e);
    }
  }

  /** The tree in force. */
  public Version current() {
    return current;
  }

  /** The random number the store was created with. */
  public long storeId() {
    return header.storeId();
  }

  /** What opening found; of a new store nothing. */
  public RecoveredManifest recovered() {
    return recovered;
  }

  /** The error after which nothing is installed any more, or null. No file may be deleted then. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /**
   * A number that was never handed out before, and will never be again.
   *
   * @throws AtllException as {@link #install}, since a new ceiling may have to be logged
   */
  public long nextNumber() {
    synchronized (lock) {
      requireUsable();
      // Beyond the ceiling lie only the numbers of manifests that came to nothing.
      if (nextNumber >= current.nextNumber()) {
        install(new VersionEdit());
      }
      return nextNumber++;
    }
  }

  /**
   * Logs an edit, syncs, applies and publishes it.
   *
   * @param edit all its numbers must come from {@link #nextNumber}; not to be touched afterwards
   * @return the tree with the edit, now current
   * @throws IllegalArgumentException if it does not fit the current tree: nothing was logged
   * @throws StorageFullException if the disk is full: nothing was changed, and it may be tried again
   * @throws StoreFailedException if it could not be made durable, now or with an earlier one
   * @throws StoreClosedException after {@link #close}
   */
  public Version install(VersionEdit edit) {
    synchronized (lock) {
      requireUsable();
      requireAllocated(edit);
      // Taken along with edits that are written anyway, so that the ceiling rarely costs a sync.
      if (current.nextNumber() - nextNumber <= options.numberStep() / 2) {
        edit.nextNumber = nextNumber + options.numberStep();
      } else {
        edit.nextNumber = 0;
      }
      Version next = current.apply(edit);
      byte[] payload = EditCodec.encode(edit);
      if (tornTail) {
        rollOrThrow();
      }
      try {
        long began = listener.nanoTime();
        log(payload);
        current = next;
        listener.installed(next, edit, payload.length, listener.nanoTime() - began);
        rollIfLong();
      } catch (StorageFullException e) {
        throw e; // nothing was changed
      } catch (Throwable e) {
        // The edit may be durable: its tables must not be taken for those of one that is not.
        if (failure == null) {
          failure = e;
        }
        throw e;
      }
      return current;
    }
  }

  /** Bytes written to manifests since this object was made. */
  public long bytesWritten() {
    synchronized (lock) {
      ManifestWriter now = writer;
      return bytesBefore + (now == null ? 0 : now.length());
    }
  }

  private void requireUsable() {
    Throwable earlier = failure;
    if (earlier != null) {
      throw DirectoryLostException.explain(
          "an earlier failure stopped changes of the tree; close the store and open it again", earlier);
    }
    if (closed) {
      throw new StoreClosedException("the store is closed");
    }
  }

  private void requireAllocated(VersionEdit edit) {
    for (TableFile file : edit.addedFiles) {
      requireAllocated(file.number());
    }
    for (LevelRun added : edit.addedRuns) {
      requireAllocated(added.run().id());
    }
  }

  private void requireAllocated(long number) {
    if (number < 1 || number >= nextNumber) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "number %d was not handed out", number));
    }
  }

  private void log(byte[] payload) {
    ManifestWriter to = writer();
    long start = to.length();
    boolean done = false;
    try {
      to.append(ManifestFormat.RECORD_EDIT, payload);
      to.sync();
      done = true;
    } catch (IOException e) {
      if (e instanceof OutOfSpaceException && isIncomplete(to, start, payload.length)) {
        tornTail = true;
        done = true;
        throw StorageErrors.of("logging a change of the tree", e);
      }
      throw poison("logging a change of the tree failed; close the store and open it again", e);
    } finally {
      if (!done && failure == null) {
        failure = new IllegalStateException("logging a change of the tree ended abruptly");
      }
    }
    mark(to);
  }

  /** Whether a failed append left less than the whole record, so that it can never be taken as valid. */
  private static boolean isIncomplete(ManifestWriter to, long start, int payloadBytes) {
    try {
      return to.fileLength() < start + RecordFormat.HEADER_BYTES + payloadBytes;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Tells a later reader that what precedes was synced: if it is bad then, that is damage. */
  private void mark(ManifestWriter to) {
    try {
      to.append(ManifestFormat.RECORD_SYNCED, new byte[0]);
    } catch (OutOfSpaceException e) {
      tornTail = true;
    } catch (IOException e) {
      // The edit is durable; only what follows is not.
      failure = e;
    }
  }

  private StoreFailedException poison(String message, Throwable cause) {
    failure = cause;
    return DirectoryLostException.explain(message, cause);
  }

  private ManifestWriter writer() {
    if (writer == null) {
      throw new IllegalStateException("no manifest begun");
    }
    return writer;
  }

  private void rollIfLong() {
    if (failure != null || writer().length() - rollBase < Math.max(options.rollBytes(), rollBase)) {
      return;
    }
    try {
      beginManifest();
    } catch (OutOfSpaceException e) {
      // The edit is safe in the old manifest, which goes on growing until the next attempt.
      rollBase = writer().length();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void rollOrThrow() {
    try {
      beginManifest();
    } catch (OutOfSpaceException e) {
      throw StorageErrors.of("beginning a manifest", e);
    } catch (IOException e) {
      throw poison("beginning a manifest failed; close the store and open it again", e);
    }
  }

  /**
   * Writes a manifest with the current version and puts it in force. On OutOfSpaceException the old
   * one stays in force and usable; after any other failure it is not known which one is.
   */
  private void beginManifest() throws IOException {
    long began = listener.nanoTime();
    long number = nextNumber;
    // Its own number is below the ceiling it states.
    VersionEdit ceiling = new VersionEdit();
    ceiling.nextNumber = number + 1 + options.numberStep();
    Version snapshot = current.apply(ceiling);
    nextNumber = number + 1;
    ManifestWriter fresh = new ManifestWriter(storage, number);
    boolean prepared = false;
    boolean inForce = false;
    try {
      fresh.append(ManifestFormat.RECORD_HEADER, header.encode());
      fresh.append(ManifestFormat.RECORD_EDIT, EditCodec.encode(EditCodec.snapshot(snapshot)));
      fresh.sync();
      CurrentFile.prepare(storage, number);
      prepared = true;
      commit();
      inForce = true;
    } finally {
      if (!inForce) {
        fresh.close();
        if (!prepared) {
          // Nothing refers to it, and on a full disk its room is needed.
          deleteIfPossible(ManifestFormat.name(number));
        } else if (failure == null) {
          failure = new IllegalStateException("it is not known which manifest is in force");
        }
      }
    }
    ManifestWriter old = writer;
    long previous = manifestNumber;
    if (old != null) {
      bytesBefore += old.length();
    }
    writer = fresh;
    manifestNumber = number;
    rollBase = fresh.length();
    tornTail = false;
    current = snapshot;
    if (old != null) {
      old.close();
    }
    deleteOlderThan(previous);
    listener.rolled(number, fresh.length(), listener.nanoTime() - began);
  }

  private void commit() throws IOException {
    if (expectedCurrent >= 0 && CurrentFile.read(storage) != expectedCurrent) {
      throw new IOException(
          "CURRENT has changed while the store was opened: another process is writing to "
              + storage.path());
    }
    try {
      CurrentFile.commit(storage);
      expectedCurrent = -1;
    } catch (OutOfSpaceException e) {
      // A directory that has no room may have switched or not: as bad as any other failure.
      throw new IOException("switching manifests failed", e);
    }
  }

  /** Keeps the manifest in force and the one before it, for repairs. */
  private void deleteOlderThan(long previous) {
    List<String> names;
    try {
      names = storage.list();
    } catch (IOException e) {
      return; // as for a name that cannot be deleted
    }
    for (String name : names) {
      long number = ManifestFormat.number(name);
      if (number >= 0 && number != manifestNumber && number != previous) {
        deleteIfPossible(name);
      }
    }
  }

  private void deleteIfPossible(String name) {
    try {
      storage.delete(name);
    } catch (IOException e) {
      // Out of force: a useless file, which the next new manifest tries to delete again.
      return;
    }
  }

  /** Closes a manifest that was begun and that nobody gets to know of. */
  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (Throwable e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes the manifest. Everything installed is durable already; calling it again does nothing.
   *
   * @throws AtllException if the file cannot be closed
   */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      ManifestWriter to = writer;
      writer = null;
      if (to != null) {
        try {
          to.close();
        } catch (IOException e) {
          throw StorageErrors.of("closing the manifest", e);
        }
      }
    }
  }
}
