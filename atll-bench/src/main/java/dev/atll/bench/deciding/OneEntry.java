package dev.atll.bench.deciding;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import java.lang.foreign.MemorySegment;

/** An entry for a writer, which asks a cursor for it and never moves it. */
class OneEntry implements EntryCursor {
  private byte[] key = Keys.EMPTY;
  private long revision;
  private MemorySegment value = MemorySegment.ofArray(Keys.EMPTY);

  final void set(byte[] nextKey, long nextRevision, byte[] nextValue) {
    key = nextKey;
    revision = nextRevision;
    value = MemorySegment.ofArray(nextValue);
  }

  private static boolean stays() {
    throw new UnsupportedOperationException("one entry");
  }

  @Override
  public boolean seekToFirst() {
    return stays();
  }

  @Override
  public boolean seekToLast() {
    return stays();
  }

  @Override
  public boolean seek(byte[] to, int offset, int length, long atRevision) {
    return stays();
  }

  @Override
  public boolean seekBefore(byte[] to, int offset, int length) {
    return stays();
  }

  @Override
  public boolean next() {
    return stays();
  }

  @Override
  public boolean previous() {
    return stays();
  }

  @Override
  public boolean isValid() {
    return true;
  }

  @Override
  public byte[] keyArray() {
    return key;
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyLength() {
    return key.length;
  }

  @Override
  public long keyHead() {
    return Keys.head(key, 0, key.length);
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public int kind() {
    return ValueKind.PUT;
  }

  @Override
  public MemorySegment valueSegment() {
    return value;
  }

  @Override
  public long valueOffset() {
    return 0;
  }

  @Override
  public int valueLength() {
    return (int) value.byteSize();
  }

  @Override
  public void close() {}
}
