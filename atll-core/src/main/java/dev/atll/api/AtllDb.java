package dev.atll.api;

import java.time.Duration;

/**
 * An ordered key-value store in one directory. Thread-safe. Keys and values are byte sequences; keys
 * are ordered as unsigned bytes; empty keys and empty values are legal. Arrays given to the store are
 * copied before the call returns and never written.
 *
 * <p>Each batch gets one revision, a number that never repeats or decreases over the life of the
 * directory. Every read sees exactly the batches up to one revision.
 */
public interface AtllDb extends Reader, AutoCloseable {
  /**
   * Sets the value of a key with the store's durability; returns the write's revision.
   *
   * @throws InvalidInputException if key or value is longer than the options allow
   * @throws StorageFullException if the disk is full; the write is not visible then
   * @throws StoreFailedException if an earlier failure stopped writes
   */
  long put(byte[] key, byte[] value);

  /** Takes away the value of a key with the store's durability; returns the write's revision. */
  long delete(byte[] key);

  /** Applies a batch as a whole with the store's durability; returns its revision. */
  long write(WriteBatch batch);

  /**
   * Applies a batch as a whole; returns its revision. An empty batch takes no revision and returns
   * the newest visible one.
   */
  long write(WriteBatch batch, Durability durability);

  /** Pins the newest visible revision; close it. */
  Snapshot snapshot();

  /**
   * Reads at a past revision; close it.
   *
   * @throws RevisionUnavailableException if the revision is retired or not yet visible
   */
  Snapshot snapshotAt(long revision);

  /** The newest revision that reads see. */
  long visibleRevision();

  /**
   * Every batch up to this revision survives a power cut. After an unclean stop the numbers that may
   * have been lost with it are skipped; they count as durable once all before them is.
   */
  long durableRevision();

  /** The oldest revision that can be read without a snapshot held. */
  long oldestReadableRevision();

  /** Makes everything written so far durable in the log. */
  void sync();

  /** Writes the memtables to tables and waits until they are part of the tree. */
  void flush();

  /** Rewrites what overlaps the range into one run at the deepest level it reaches; blocks. */
  void compact(KeyRange range);

  /**
   * Waits until flushes and compactions have nothing more to do.
   *
   * @param atMost how long; zero or less looks once, and what exceeds 73 years is no bound
   * @return whether the tree settled within the time
   */
  boolean settle(Duration atMost);

  /** Switches the compaction policy of the live store; see {@code Options.policy}. */
  void policy(String name);

  /** Name of the compaction policy in force. */
  String policy();

  /** Size of the range's data on disk, estimated from block indexes; memtables are left out. */
  long approximateBytes(KeyRange range);

  /**
   * Reads every block of every table and checks it.
   *
   * @throws CorruptionException at the first damage found
   */
  void verify();

  /** Counts and sizes at this moment. */
  Stats stats();

  /** What has gone wrong since the store was opened; may be asked of a closed store. */
  StoreHealth health();

  /** The options in force, with derived defaults filled in. */
  Options options();

  /**
   * Flushes, syncs and closes. Waits for calls in flight; later calls throw {@link
   * StoreClosedException}. Idempotent.
   */
  @Override
  void close();
}
