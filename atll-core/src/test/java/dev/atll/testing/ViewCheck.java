package dev.atll.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Walks a cursor that shows one entry of a key, at random and over its whole length both ways, and
 * compares each of its steps with a sorted list.
 */
public final class ViewCheck {
  /** What the cursor shows of a key. */
  public record Shown(byte[] key, long revision, int kind, byte[] value) {}

  private final List<Shown> want;
  private final EntryCursor cursor;
  private final RandomGenerator random;

  /** Compares a cursor with a list of distinct, ascending keys. */
  public ViewCheck(List<Shown> want, EntryCursor cursor, RandomGenerator random) {
    this.want = want;
    this.cursor = cursor;
    this.random = random;
  }

  /** Both ways over all, both ways past deletions, and so many random moves. */
  public void run(int moves) {
    int at = at(0, cursor.seekToFirst());
    while (at < want.size()) {
      at = at(at + 1, cursor.next());
    }
    at = at(want.size() - 1, cursor.seekToLast());
    while (at >= 0) {
      at = at(at - 1, cursor.previous());
    }
    for (int move = 0; move < moves; move++) {
      at = isOn(at) ? step(at) : seek();
    }
  }

  private boolean isOn(int at) {
    return at >= 0 && at < want.size();
  }

  private int seek() {
    if (want.isEmpty() || random.nextInt(8) == 0) {
      return random.nextBoolean()
          ? at(0, cursor.seekToFirst())
          : at(want.size() - 1, cursor.seekToLast());
    }
    byte[] key = probe();
    int from = firstNotBelow(key);
    if (random.nextBoolean()) {
      return at(from - 1, cursor.seekBefore(key, 0, key.length));
    }
    return at(from, cursor.seek(key, 0, key.length, Long.MAX_VALUE));
  }

  private int step(int at) {
    switch (random.nextInt(8)) {
      case 0:
        return seek();
      case 1, 2:
        return at(at + 1, cursor.next());
      case 3, 4:
        return at(at - 1, cursor.previous());
      case 5:
        byte[] high = random.nextInt(4) == 0 ? null : probe();
        if (want.get(at).kind == ValueKind.DELETE) {
          return past(at, 1, high, cursor.nextPastDeletions(high, 0, high == null ? 0 : high.length));
        }
        return at;
      default:
        byte[] low = random.nextInt(4) == 0 ? Keys.EMPTY : probe();
        if (want.get(at).kind == ValueKind.DELETE) {
          return past(at, -1, low, cursor.previousPastDeletions(low, 0, low.length));
        }
        return at;
    }
  }

  /** It may stop anywhere on the way to the first entry that it must not pass. */
  private int past(int from, int way, byte[] bound, boolean found) {
    int last = from + way;
    while (isOn(last)
        && want.get(last).kind == ValueKind.DELETE
        && (bound == null || way * Keys.compare(want.get(last).key, bound) < 0)) {
      last += way;
    }
    assertEquals(isOn(last), found, "an entry that must not be passed");
    return at(last, found);
  }

  private byte[] probe() {
    byte[] key = want.get(random.nextInt(want.size())).key.clone();
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(key, key.length + 1);
      case 1 -> Arrays.copyOf(key, Math.max(0, key.length - 1));
      default -> key;
    };
  }

  private int firstNotBelow(byte[] key) {
    int i = 0;
    while (i < want.size() && Keys.compare(want.get(i).key, key) < 0) {
      i++;
    }
    return i;
  }

  private int at(int i, boolean found) {
    assertEquals(isOn(i), found);
    assertEquals(found, cursor.isValid());
    if (found) {
      Shown shown = want.get(i);
      byte[] key =
          Arrays.copyOfRange(
              cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
      assertArrayEquals(shown.key, key);
      assertEquals(Keys.head(key, 0, key.length), cursor.keyHead());
      assertEquals(shown.revision, cursor.revision());
      assertEquals(shown.kind, cursor.kind());
      assertTrue(
          Arrays.equals(
              shown.value,
              cursor
                  .valueSegment()
                  .asSlice(cursor.valueOffset(), cursor.valueLength())
                  .toArray(ValueLayout.JAVA_BYTE)),
          "value");
    }
    return i;
  }
}
