package dev.atll.schedule;

import dev.atll.base.Keys;
import dev.atll.version.Guards;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives each slot a number that stays with it while its lower guard stands. Numbers count up from 1
 * in the order in which slots are first seen, so that a history that repeats gives the same ones, and
 * nothing of a key can be learned from them; those of slots that are gone are never given again.
 * Guarded by the scheduler's lock.
 */
final class SlotNumbers {
  private record Numbered(Guards guards, long[] numbers) {}

  private final List<Numbered> levels = new ArrayList<>();
  private long last;

  /**
   * The numbers of a level's slots, in order; not to be written to. Levels are asked for in order, the
   * first time at least.
   *
   * @param level from 1
   */
  @SuppressWarnings("ReferenceEquality") // a level that no edit cut or joined has the same guards
  long[] of(int level, Guards guards) {
    Numbered known = level <= levels.size() ? levels.get(level - 1) : null;
    if (known != null && known.guards() == guards) {
      return known.numbers();
    }
    long[] numbers = new long[guards.slotCount()];
    int at = 0;
    for (int s = 0; s < numbers.length; s++) {
      int order = -1;
      while (known != null && at < known.numbers().length) {
        order = Keys.compare(known.guards().low(at), guards.low(s));
        if (order >= 0) {
          break;
        }
        at++;
      }
      numbers[s] =
          known != null && at < known.numbers().length && order == 0
              ? known.numbers()[at]
              : ++last;
    }
    if (known == null) {
      levels.add(new Numbered(guards, numbers));
    } else {
      levels.set(level - 1, new Numbered(guards, numbers));
    }
    return numbers;
  }
}
