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
import dev.atll.sstable.BlockCache;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableOptions;
import dev.atll.sstable.TableReader;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open tables of a store, by number. All tables that a version refers to stay open: an open
 * table is a mapping and about 100 bytes of heap a block, and needs no file descriptor.
 */
public final class TableCache {
  private final Storage storage;
  private final TableOptions options;
  private final @Nullable BlockCache blocks;
  private final ConcurrentHashMap<Long, TableReader> open = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /** Creates it, empty. */
  public TableCache(Storage storage, Options options) {
    this.storage = storage;
    this.options = tableOptions(options);
    this.blocks =
        options.blockCacheBytes() > 0 ? new BlockCache(options.blockCacheBytes()) : null;
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
      return TableReader.open(in, number, name, blocks);
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
      } catch (RuntimeException | Error e) {
        // The others are to be given back all the same.
        failure = e;
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
  }
}
