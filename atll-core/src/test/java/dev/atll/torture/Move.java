package dev.atll.torture;

import java.util.random.RandomGenerator;

/** One call on a cursor. */
sealed interface Move {
  /** Forward to the next entry. */
  record Next() implements Move {}

  /** Back to the one before. */
  record Previous() implements Move {}

  /** To the first at or after a key. */
  record Seek(Bytes key) implements Move {}

  /** To the last at or before a key. */
  record SeekBack(Bytes key) implements Move {}

  /** A move; long stretches in one direction are left to scans. */
  static Move draw(RandomGenerator random, KeySpace keys) {
    return switch (random.nextInt(8)) {
      case 0 -> new Seek(keys.key());
      case 1 -> new SeekBack(keys.key());
      case 2, 3, 4 -> new Next();
      default -> new Previous();
    };
  }
}
