package dev.atll.torture;

import dev.atll.api.Cursor;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** A cursor of the store beside what it should do. */
final class CursorCheck implements AutoCloseable {
  private final Cursor cursor;
  private final NavigableMap<Bytes, Model.Live> map;
  private final String name;

  // Where the model stands: on a key, or before or after all; both at the start.
  private @Nullable Bytes on;
  private boolean before = true;
  private boolean after = true;

  /** Takes the cursor over; the map must not change any more. */
  CursorCheck(Cursor cursor, NavigableMap<Bytes, Model.Live> map, String name) {
    this.cursor = cursor;
    this.map = map;
    this.name = name;
  }

  void move(Move move) {
    boolean moved =
        switch (move) {
          case Move.Next _ -> cursor.next();
          case Move.Previous _ -> cursor.previous();
          case Move.Seek(Bytes key) -> cursor.seek(key.array());
          case Move.SeekBack(Bytes key) -> cursor.seekAtOrBefore(key.array());
        };
    Bytes expected = step(move);
    if (moved != (expected != null) || cursor.isValid() != moved) {
      throw new AssertionError(
          "%s: %s says %s%s, expected %s"
              .formatted(
                  name, move, moved, cursor.isValid() ? " " + here() : "", expected));
    }
    if (expected != null) {
      check(move, expected);
    }
  }

  private @Nullable Bytes step(Move move) {
    Bytes to =
        switch (move) {
          case Move.Next _ ->
              on != null ? map.higherKey(on) : before && !map.isEmpty() ? map.firstKey() : null;
          case Move.Previous _ ->
              on != null ? map.lowerKey(on) : after && !map.isEmpty() ? map.lastKey() : null;
          // A key outside a sub-map's range is no error for these two.
          case Move.Seek(Bytes key) -> map.ceilingKey(key);
          case Move.SeekBack(Bytes key) -> map.floorKey(key);
        };
    boolean forward = move instanceof Move.Next || move instanceof Move.Seek;
    on = to;
    after = to == null && forward;
    before = to == null && !forward;
    return to;
  }

  private void check(Move move, Bytes key) {
    Model.Live live = map.get(key);
    if (live == null
        || !key.equals(here())
        || !live.value().equals(Bytes.of(cursor.valueBytes()))
        || live.revision() != cursor.revision()
        || cursor.value().byteSize() != live.value().length()
        || cursor.key().byteSize() != key.length()) {
      throw new AssertionError(
          "%s: %s comes to %s=%s of revision %d, expected %s=%s"
              .formatted(
                  name,
                  move,
                  here(),
                  Bytes.of(cursor.valueBytes()),
                  cursor.revision(),
                  key,
                  live));
    }
  }

  private Bytes here() {
    return Bytes.of(cursor.keyBytes());
  }

  /** Compares all entries in one direction, and what comes after them. */
  static void scan(
      Cursor cursor, NavigableMap<Bytes, Model.Live> map, boolean backward, String name) {
    try (CursorCheck check = new CursorCheck(cursor, map, name)) {
      Move move = backward ? new Move.Previous() : new Move.Next();
      Map<Bytes, Model.Live> inOrder = backward ? map.descendingMap() : map;
      for (int i = 0; i < inOrder.size() + 2; i++) {
        check.move(move);
      }
      check.move(backward ? new Move.Next() : new Move.Previous());
    }
  }

  @Override
  public void close() {
    cursor.close();
  }
}
