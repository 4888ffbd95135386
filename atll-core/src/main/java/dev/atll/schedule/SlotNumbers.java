package dev.atll.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives each slot a number that stays with it while its lower guard stands. Numbers count up from 1
 * in the order in which slots are first seen, so that a history that repeats gives the same ones, and
 * nothing of a key can be learned from them. Guarded by the scheduler's lock.
 */
final class SlotNumbers {
  private Map<Leases.SlotKey, Long> numbers = new HashMap<>();
  private Map<Leases.SlotKey, Long> next = new HashMap<>();
  private long last;

  /** Begins a round of {@link #of} over all slots. */
  void beginRound() {
    next = new HashMap<>();
  }

  /** The number of the slot with this level and first key. */
  long of(int level, byte[] low) {
    Leases.SlotKey key = new Leases.SlotKey(level, low);
    Long known = numbers.get(key);
    long number = known == null ? ++last : known;
    next.put(key, number);
    return number;
  }

  /** Ends a round: the numbers of slots that are gone are never given again. */
  void endRound() {
    numbers = next;
  }
}
