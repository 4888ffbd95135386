package dev.atll.tree;

import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.env.FileIn;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.observe.SafeLog;
import dev.atll.sstable.BlockCache;
import dev.atll.sstable.FrameCache;
import dev.atll.sstable.IndexBudget;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableOptions;
import dev.atll.sstable.TableReader;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import dev.atll.version.Version;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open tables of a store, by number. All tables that a version refers to stay open: an open
 * table is about 100 bytes of heap a block of those partitions that were asked, and keeps no file
 * descriptor.
 *
 * <p>While the tables of the version fit the memory there is for them, all are mapped and read in
 * place; when they do not, all are read block by block into a cache of that memory. The whole store
 * changes at once, so that its reads find tables of one kind, and back only when it has become
 * clearly smaller.
 */
public final class TableCache {
  /** Tables up to this share of the memory are mapped: pages of the system serve other files too. */
  public static final double FULL = 0.9;

  /** Once they are not, they are mapped again when they are no more than this share. */
  public static final double AGAIN = 0.6;

  /**
   * Frames of our own take this part of the memory; the rest is left to pages of the system, which also
   * takes what the heap does not use, and gives it back when it is needed.
   */
  public static final int FRAMES_PART = 4;

  /** Indexes of tables that are not mapped take this part of the heap at most. */
  private static final int INDEXES_PART = 4;

  private static final SafeLog LOG = SafeLog.of("dev.atll.store");

  private final Storage storage;
  private final TableOptions options;
  private final @Nullable BlockCache blocks;
  private final long memoryBytes;
  private final IndexBudget indexes =
      new IndexBudget(Runtime.getRuntime().maxMemory() / INDEXES_PART);
  private final ConcurrentHashMap<Long, TableReader> open = new ConcurrentHashMap<>();

  // Written by fit(), one call at a time.
  private volatile boolean mapped = true;
  private volatile @Nullable FrameCache frames;

  private volatile Consumer<CorruptionException> readWrong = damage -> {};
  private volatile boolean closed;
  private volatile boolean told;

  /**
   * Creates it, empty.
   *
   * @param memoryBytes memory for tables, unless the options name another
   */
  public TableCache(Storage storage, Options options, long memoryBytes) {
    this.storage = storage;
    this.memoryBytes =
        options.tableMemoryBytes() > 0 ? options.tableMemoryBytes() : Math.max(1, memoryBytes);
    this.options = tableOptions(options);
    this.blocks =
        options.blockCacheBytes() > 0 ? new BlockCache(options.blockCacheBytes()) : null;
  }

  /** Names who is told of blocks that were read wrong from the device, and then right. */
  public void onReadWrong(Consumer<CorruptionException> listener) {
    readWrong = listener;
  }

  /**
   * Maps the tables, or has their blocks read, as is right for a version that is about to be opened.
   * Calls take turns.
   */
  public void fit(Version version) {
    long bytes = version.files().bytes();
    boolean fits = bytes <= (long) (memoryBytes * (mapped ? FULL : AGAIN));
    if (fits == mapped) {
      return;
    }
    if (!fits && frames == null) {
      try {
        frames = new FrameCache(memoryBytes / FRAMES_PART, options.blockBytes());
      } catch (OutOfMemoryError e) {
        // The edit is in force already, and mapped tables answer as well: the next one tries again.
        tell("tables stay mapped: there is no memory for a cache of blocks", e);
        return;
      }
    }
    mapped = fits;
    for (TableReader table : open.values()) {
      change(table, fits);
    }
  }

  /** Says that all tables of a version are about to be opened. */
  public void willOpen(Version version) {
    List<String> names = new ArrayList<>(version.files().size());
    for (Long number : version.files().keySet()) {
      if (!open.containsKey(number)) {
        names.add(TableNames.fileName(number));
      }
    }
    storage.willReadEnds(names, TableReader.TAIL_BYTES);
  }

  private void change(TableReader table, boolean toMapped) {
    try {
      if (table.isMapped() != toMapped) {
        table.mapped(toMapped, frames);
      }
    } catch (IOException | OutOfMemoryError e) {
      // It stays as it is, which is slower and no less right.
      tell("a table is read as it was before: " + table.name(), e);
    }
  }

  /** Once: what keeps one table from being read in another way keeps thousands. */
  private void tell(String what, Throwable e) {
    if (!told) {
      told = true;
      LOG.log(Level.WARNING, () -> what, e);
    }
  }

  /** The cache of blocks of tables that are not mapped, or null if there never were any. */
  public @Nullable FrameCache frames() {
    return frames;
  }

  /** Memory there is for tables, in bytes. */
  public long memoryBytes() {
    return memoryBytes;
  }

  /** The table with a number if it is open, else null. */
  public @Nullable TableReader ifOpen(long number) {
    return open.get(number);
  }

  /** Whether tables are mapped at present. */
  public boolean isMapped() {
    return mapped;
  }

  /** How tables of a store with these options are laid out. */
  public static TableOptions tableOptions(Options options) {
    Codec codec =
        switch (options.compression()) {
          case NONE -> Codec.NONE;
          case LZ4 -> Codec.LZ4;
          case DEFLATE -> Codec.DEFLATE;
        };
    return new TableOptions(
        options.blockBytes(),
        options.partitionBytes(),
        FilterChoice.of(FilterKind.BLOCKED_BLOOM, options.filterBitsPerKey()),
        codec);
  }

  /** The layout options of this store's tables. */
  public TableOptions options() {
    return options;
  }

  /** The cache of decompressed blocks, or null if there is none. */
  public @Nullable BlockCache blocks() {
    return blocks;
  }

  /**
   * The open table with a number; opens it if it is not.
   *
   * @throws CorruptionException if the file is missing or its footer is damaged
   */
  public TableReader get(long number) {
    TableReader table = open.get(number);
    return table != null ? table : opened(number);
  }

  private TableReader opened(long number) {
    if (closed) {
      throw new StoreClosedException("store is closed");
    }
    TableReader table = open.computeIfAbsent(number, this::open);
    // All may have changed while this one was being opened.
    change(table, mapped);
    if (closed) {
      // Closed meanwhile: closeAll() may have looked before this one was there.
      forget(number);
      throw new StoreClosedException("store is closed");
    }
    return table;
  }

  private TableReader open(long number) {
    String name = TableNames.fileName(number);
    FileIn in;
    try {
      in = storage.open(name);
    } catch (NoSuchFileException e) {
      throw new CorruptionException(name, 0, "table file is missing", e);
    } catch (IOException e) {
      throw failure("cannot open table " + name, e);
    }
    try {
      TableReader table =
          TableReader.open(in, number, name, blocks, frames, indexes, mapped);
      table.onReadWrong(readWrong);
      return table;
    } catch (IOException e) {
      throw failure("cannot read table " + name, e);
    }
  }

  private static AtllException failure(String what, IOException e) {
    return e instanceof OutOfSpaceException
        ? new StorageFullException(what + ": " + OutOfDescriptorsException.missing(e), e)
        : new StorageIoException(what + ": " + e.getMessage(), e);
  }

  /** Closes all open tables but those with these numbers, and returns the numbers of the closed. */
  public Set<Long> closeAllBut(Set<Long> live) {
    Set<Long> closed = new java.util.HashSet<>();
    for (Long number : open.keySet()) {
      if (!live.contains(number)) {
        TableReader table = open.remove(number);
        if (table != null) {
          table.close();
          closed.add(number);
        }
      }
    }
    return closed;
  }

  /** Closes a table that never became part of the tree, if it is open. */
  public void forget(long number) {
    TableReader table = open.remove(number);
    if (table != null) {
      table.close();
    }
  }

  /** Closes every table, for good: none is opened any more. */
  public void closeAll() {
    closed = true;
    Throwable failure = null;
    for (Long number : open.keySet()) {
      try {
        forget(number);
      } catch (Throwable e) {
        // The others are to be given back all the same.
        failure = e;
      }
    }
    FrameCache cache = frames;
    if (cache != null) {
      cache.close();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
  }
}
