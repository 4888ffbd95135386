package dev.atll.schedule;

import dev.atll.tree.SlotHeat;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * Something kept for each slot from one round over all slots to the next; what a round does not meet
 * is forgotten. Slots come in the same order each time but for those that were cut or joined, so that
 * looking where the slot before was found is mostly enough. Not thread-safe.
 */
final class SlotLines<L> {
  private final Supplier<L> fresh;
  private List<SlotHeat> heats = new ArrayList<>();
  private List<L> lines = new ArrayList<>();
  private List<SlotHeat> nextHeats = new ArrayList<>();
  private List<L> nextLines = new ArrayList<>();
  // Places in the lists, made when a slot is first not found where it should be.
  private final IdentityHashMap<SlotHeat, Integer> places = new IdentityHashMap<>();
  private int at;

  /** Begins with no slots; a slot not met before gets a fresh line. */
  SlotLines(Supplier<L> fresh) {
    this.fresh = fresh;
  }

  /** Begins a round; one that was not ended counts for nothing. */
  void beginRound() {
    at = 0;
    nextHeats.clear();
    nextLines.clear();
  }

  /** The slot's line of the last whole round, or a fresh one, without keeping it. */
  L peek(SlotHeat heat) {
    if (at < heats.size() && heats.get(at) == heat) {
      return lines.get(at++);
    }
    if (places.isEmpty()) {
      for (int i = 0; i < heats.size(); i++) {
        places.put(heats.get(i), i);
      }
    }
    Integer place = places.get(heat);
    if (place == null) {
      return fresh.get();
    }
    at = place + 1;
    return lines.get(place);
  }

  /** The same, kept for the next round. */
  L keep(SlotHeat heat) {
    L line = peek(heat);
    nextHeats.add(heat);
    nextLines.add(line);
    return line;
  }

  /** Ends a round: lines that were not kept in it are forgotten. */
  void endRound() {
    List<SlotHeat> formerHeats = heats;
    List<L> formerLines = lines;
    heats = nextHeats;
    lines = nextLines;
    nextHeats = formerHeats;
    nextLines = formerLines;
    nextHeats.clear();
    nextLines.clear();
    places.clear();
  }

  /** The lines of the last whole round, in its order; changes with the next. */
  List<L> lines() {
    return lines;
  }

  /** The slots of the last whole round; changes with the next. */
  List<SlotHeat> slots() {
    return heats;
  }
}
