package dev.atll.manifest;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One array for each long key while a manifest is read: edits name the same guards again and again,
 * and the version they make would hold a copy for each level and run. One thread.
 */
final class KeyPool {
  // Shorter ones cost less than their entry here.
  private static final int LENGTH_MIN = 64;

  private record Held(byte[] key, int hash) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Held that && hash == that.hash && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Held, byte[]> keys = new HashMap<>();

  /** The array to use for a key. */
  byte[] shared(byte[] key) {
    if (key.length < LENGTH_MIN) {
      return key;
    }
    byte[] known = keys.putIfAbsent(new Held(key, Arrays.hashCode(key)), key);
    return known == null ? key : known;
  }
}
