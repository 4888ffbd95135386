package dev.atll.read;

import dev.atll.base.Keys;
import dev.atll.tree.DeadRanges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dead keys that a cursor is passing between two live ones: where they began, which known dead
 * range lies ahead, and whether the stretch is worth to be known. Not thread-safe.
 */
final class DeadStretch {
  /** Entries passed from which a stretch is kept: fewer cost less than to look it up. */
  private static final int NOTABLE = 64;

  private final DeadRanges ranges;
  private final long revision;
  private byte[] first = Keys.EMPTY;
  private int firstLength;
  private boolean on;
  private boolean forward;
  private long passedBefore;
  private int jumps;
  private int steps;
  private DeadRanges.@Nullable Range known;

  DeadStretch(DeadRanges ranges, long revision) {
    this.ranges = ranges;
    this.revision = revision;
  }

  /** A live entry was the last that was seen. */
  void clear() {
    on = false;
  }

  boolean isOn() {
    return on;
  }

  /** The first dead key is met. */
  void begin(boolean goingForward, byte[] key, int length, long passed) {
    on = true;
    forward = goingForward;
    if (first.length < length) {
      first = new byte[Math.max(64, length)];
    }
    System.arraycopy(key, 0, first, 0, length);
    firstLength = length;
    passedBefore = passed;
    jumps = 0;
    steps = 0;
    known = lookUp(key, length);
  }

  /** The known range that a dead key is in, or the next one on the way, or null. */
  DeadRanges.@Nullable Range ahead(byte[] key, int length) {
    DeadRanges.Range range = known;
    if (range != null && isAt(range, key, length)) {
      if (!isIn(range, key, length)) {
        range = lookUp(key, length);
        known = range;
      }
    }
    if (range != null && isIn(range, key, length)) {
      jumps++;
    } else {
      steps++;
    }
    return range;
  }

  boolean isIn(DeadRanges.Range range, byte[] key, int length) {
    return compare(key, length, range.low()) >= 0
        && (range.high() == null || compare(key, length, range.high()) < 0);
  }

  /** Whether the way has come to a range, or past it. */
  private boolean isAt(DeadRanges.Range range, byte[] key, int length) {
    return forward
        ? compare(key, length, range.low()) >= 0
        : range.high() == null || compare(key, length, range.high()) < 0;
  }

  private static int compare(byte[] key, int length, byte[] bound) {
    return Keys.compare(key, 0, length, bound, 0, bound.length);
  }

  private DeadRanges.@Nullable Range lookUp(byte[] key, int length) {
    if (ranges.isEmpty()) {
      return null;
    }
    byte[] exact = Arrays.copyOf(key, length);
    return forward ? ranges.forward(exact, revision) : ranges.backward(exact, revision);
  }

  /** The way forwards came to a live key, or to the bound (null for none) without one. */
  void endForward(byte @Nullable [] key, int length, long passed) {
    if (isNotable(passed)) {
      byte[] high = key == null ? null : Arrays.copyOf(key, length);
      ranges.found(Arrays.copyOf(first, firstLength), high, revision);
    }
    on = false;
  }

  /** The way backwards came to a live key, or to a bound that was not alive. */
  void endBackward(byte[] key, int length, boolean live, long passed) {
    if (isNotable(passed)) {
      // The least key greater than another is that key with a zero byte added.
      byte[] low = Arrays.copyOf(key, live ? length + 1 : length);
      ranges.found(low, Arrays.copyOf(first, firstLength + 1), revision);
    }
    on = false;
  }

  private boolean isNotable(long passed) {
    return on
        && (passed - passedBefore >= NOTABLE ? steps > 0 : jumps > 0 && (steps > 0 || jumps > 1));
  }
}
