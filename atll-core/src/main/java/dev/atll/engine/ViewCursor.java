package dev.atll.engine;

import dev.atll.api.Cursor;
import dev.atll.read.StoreCursor;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A cursor as callers see it: what a closing store takes away under a move is told as a closed store,
 * and the state it reads is given back when it is closed, whatever closing its parts came to.
 */
final class ViewCursor implements Cursor {
  private final StoreCursor cursor;
  private final Readers readers;
  private final Runnable release;
  private boolean closed;

  /**
   * Wraps a cursor.
   *
   * @param release gives back the pinned state; called once
   */
  ViewCursor(StoreCursor cursor, Readers readers, Runnable release) {
    this.cursor = cursor;
    this.readers = readers;
    this.release = release;
  }

  @Override
  public boolean next() {
    try {
      return cursor.next();
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public boolean previous() {
    try {
      return cursor.previous();
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public boolean seek(byte[] key) {
    Objects.requireNonNull(key, "key");
    try {
      return cursor.seek(key);
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public boolean seekAtOrBefore(byte[] key) {
    Objects.requireNonNull(key, "key");
    try {
      return cursor.seekAtOrBefore(key);
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public boolean isValid() {
    return cursor.isValid();
  }

  @Override
  public MemorySegment key() {
    return cursor.key();
  }

  @Override
  public MemorySegment value() {
    try {
      return cursor.value();
    } catch (RuntimeException e) {
      throw readers.explain(e);
    }
  }

  @Override
  public byte[] keyBytes() {
    return cursor.keyBytes();
  }

  @Override
  public byte[] valueBytes() {
    try {
      return cursor.valueBytes();
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    }
  }

  @Override
  public long revision() {
    return cursor.revision();
  }

  @Override
  public long skipped() {
    return cursor.skipped();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      cursor.close();
    } catch (RuntimeException e) {
      throw readers.explain(e);
    } finally {
      release.run();
    }
  }
}
