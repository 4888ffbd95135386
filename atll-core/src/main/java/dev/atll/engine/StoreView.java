package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Reader;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads of a store at a revision that the subclass names. */
abstract class StoreView implements Reader {
  final Readers readers;

  StoreView(Readers readers) {
    this.readers = readers;
  }

  /**
   * The revision to read at; {@link Long#MAX_VALUE} for the newest visible one.
   *
   * @throws StoreClosedException if this view is closed
   */
  abstract long readRevision();

  @Override
  public byte @Nullable [] get(byte[] key) {
    long revision = readRevision();
    Objects.requireNonNull(key, "key");
    try {
      return readers.points().get(key, revision);
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public <R extends @Nullable Object> @Nullable R get(
      byte[] key, Function<MemorySegment, R> view) {
    long revision = readRevision();
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(view, "view");
    try {
      return readers.points().get(key, revision, view);
    } catch (IllegalStateException
        | CorruptionException
        | StorageIoException
        | InternalError e) {
      // Others may be the function's own.
      throw readers.explain(e);
    }
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    long revision = readRevision();
    byte[][] asked = Objects.requireNonNull(keys, "keys").toArray(new byte[0][]);
    for (byte[] key : asked) {
      Objects.requireNonNull(key, "key");
    }
    try {
      List<byte @Nullable []> values = new ArrayList<>(asked.length);
      for (byte @Nullable [] value : readers.points().getAll(asked, revision)) {
        values.add(value);
      }
      return Collections.unmodifiableList(values);
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public boolean contains(byte[] key) {
    long revision = readRevision();
    Objects.requireNonNull(key, "key");
    try {
      return readers.points().contains(key, revision);
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public Cursor cursor(KeyRange range) {
    return readers.cursor(range, readRevision());
  }

  @Override
  public long count(KeyRange range) {
    try (Cursor cursor = cursor(range)) {
      long count = 0;
      while (cursor.next()) {
        count++;
      }
      return count;
    }
  }
}
