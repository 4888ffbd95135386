package dev.atll.schedule;

import dev.atll.base.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Where a key lies in the key space, as a number from 0 to 1 by its first eight bytes: enough to
 * draw a tree to scale, and all that leaves the engine of a key.
 */
public final class KeyFractions {
  private KeyFractions() {}

  /** The key's place; null, for no upper bound, is 1. */
  public static double fraction(byte @Nullable [] key) {
    if (key == null) {
      return 1;
    }
    long head = Keys.head(key, 0, key.length);
    return ((head >>> 11) + ((head & 0x7FF) == 0 ? 0 : 0.5)) * 0x1.0p-53;
  }
}
