package dev.atll.version;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by number, ascending. Immutable; a changed one shares with the one before all pieces of its
 * arrays that no change falls into, so that one edit of a tree of thousands of tables copies a few of them.
 *
 * @param <V> of the values
 */
final class LongMap<V> {
  /** Most entries of a piece: small enough to copy, large enough that pieces are few. */
  private static final int PIECE = 128;

  private static final LongMap<?> EMPTY = new LongMap<>(List.of());

  private record Piece(long[] keys, Object[] values) {}

  private final List<Piece> pieces;
  private final int size;

  private LongMap(List<Piece> pieces) {
    this.pieces = pieces;
    int sum = 0;
    for (Piece piece : pieces) {
      sum += piece.keys.length;
    }
    this.size = sum;
  }

  @SuppressWarnings("unchecked") // holds no value of any type
  static <V> LongMap<V> empty() {
    return (LongMap<V>) EMPTY;
  }

  int size() {
    return size;
  }

  /** The value of a number, or null. */
  @SuppressWarnings("unchecked") // only values of this type were put in
  @Nullable V get(long key) {
    int at = pieceOf(key);
    if (at < 0) {
      return null;
    }
    Piece piece = pieces.get(at);
    int i = Arrays.binarySearch(piece.keys, key);
    return i < 0 ? null : (V) piece.values[i];
  }

  boolean contains(long key) {
    return get(key) != null;
  }

  /** The last piece that begins at a number or before it, -1 if there is none. */
  private int pieceOf(long key) {
    int low = 0;
    int high = pieces.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pieces.get(middle).keys[0] <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** With these values; a null takes away what is there. */
  LongMap<V> with(SortedMap<Long, @Nullable V> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    List<Piece> next = new ArrayList<>(pieces.size() + 2);
    Iterator<Map.Entry<Long, @Nullable V>> todo = changes.entrySet().iterator();
    Map.Entry<Long, @Nullable V> change = todo.next();
    for (int i = 0; i < Math.max(1, pieces.size()); i++) {
      Piece piece = i < pieces.size() ? pieces.get(i) : new Piece(new long[0], new Object[0]);
      long end = i + 1 < pieces.size() ? pieces.get(i + 1).keys[0] : Long.MAX_VALUE;
      if (change == null || (change.getKey() >= end && end != Long.MAX_VALUE)) {
        next.add(piece);
        continue;
      }
      long[] keys = new long[piece.keys.length + changes.size()];
      Object[] values = new Object[keys.length];
      int count = 0;
      int at = 0;
      while (change != null && (change.getKey() < end || end == Long.MAX_VALUE)) {
        long key = change.getKey();
        while (at < piece.keys.length && piece.keys[at] < key) {
          keys[count] = piece.keys[at];
          values[count++] = piece.values[at++];
        }
        if (at < piece.keys.length && piece.keys[at] == key) {
          at++;
        }
        V value = change.getValue();
        if (value != null) {
          keys[count] = key;
          values[count++] = value;
        }
        change = todo.hasNext() ? todo.next() : null;
      }
      int rest = piece.keys.length - at;
      System.arraycopy(piece.keys, at, keys, count, rest);
      System.arraycopy(piece.values, at, values, count, rest);
      add(keys, values, count + rest, next);
    }
    return new LongMap<>(next);
  }

  /** Adds entries as pieces of their own; a few are put to the piece before them. */
  private static void add(long[] keys, Object[] values, int count, List<Piece> into) {
    if (count == 0) {
      return;
    }
    int last = into.size() - 1;
    if (last >= 0 && into.get(last).keys.length + count <= PIECE / 2) {
      Piece before = into.remove(last);
      int length = before.keys.length;
      long[] bothKeys = Arrays.copyOf(before.keys, length + count);
      Object[] bothValues = Arrays.copyOf(before.values, length + count);
      System.arraycopy(keys, 0, bothKeys, length, count);
      System.arraycopy(values, 0, bothValues, length, count);
      into.add(new Piece(bothKeys, bothValues));
      return;
    }
    for (int from = 0; from < count; from += PIECE) {
      int to = Math.min(count, from + PIECE);
      into.add(new Piece(Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(values, from, to)));
    }
  }

  /** Goes through the entries, ascending. */
  Iterator<Map.Entry<Long, V>> iterator() {
    return new Entries();
  }

  private final class Entries implements Iterator<Map.Entry<Long, V>> {
    private int piece;
    private int at;

    @Override
    public boolean hasNext() {
      return piece < pieces.size();
    }

    @Override
    @SuppressWarnings("unchecked") // only values of this type were put in
    public Map.Entry<Long, V> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Piece now = pieces.get(piece);
      Map.Entry<Long, V> entry = Map.entry(now.keys[at], (V) now.values[at]);
      at++;
      if (at == now.keys.length) {
        at = 0;
        piece++;
      }
      return entry;
    }
  }
}
