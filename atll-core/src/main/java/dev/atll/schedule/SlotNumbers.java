package dev.atll.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives each slot a number that stays with it while its lower guard stands. Numbers count up from 1
 * in the order in which slots are first seen, so that a history that repeats gives the same ones, and
 * nothing of a key can be learned from them. Guarded by the scheduler's lock.
 */
final class SlotNumbers {
  private record Numbered(int level, byte[] low, long number) {}

  private List<Numbered> numbers = new ArrayList<>();
  private List<Numbered> next = new ArrayList<>();
  // The same by key, made when a slot is first not found behind the one before.
  private final Map<Leases.SlotKey, Integer> places = new HashMap<>();
  private int at;
  private long last;

  /** Begins a round of {@link #of} over all slots. */
  void beginRound() {
    at = 0;
    next.clear();
  }

  /** The number of the slot with this level and first key. */
  long of(int level, byte[] low) {
    Numbered known = known(level, low);
    if (known == null) {
      known = new Numbered(level, low, ++last);
    }
    next.add(known);
    return known.number();
  }

  @SuppressWarnings("ReferenceEquality") // guards keep their keys, so most are the same object
  private @Nullable Numbered known(int level, byte[] low) {
    if (at < numbers.size()) {
      Numbered here = numbers.get(at);
      if (here.level() == level && here.low() == low) {
        at++;
        return here;
      }
    }
    if (places.isEmpty()) {
      for (int i = 0; i < numbers.size(); i++) {
        places.put(new Leases.SlotKey(numbers.get(i).level(), numbers.get(i).low()), i);
      }
    }
    Integer place = places.get(new Leases.SlotKey(level, low));
    if (place == null) {
      return null;
    }
    at = place + 1;
    return numbers.get(place);
  }

  /** Ends a round: the numbers of slots that are gone are never given again. */
  void endRound() {
    List<Numbered> former = numbers;
    numbers = next;
    next = former;
    next.clear();
    places.clear();
  }
}
