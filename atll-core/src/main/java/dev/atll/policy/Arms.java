package dev.atll.policy;

import dev.atll.kernel.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a picker remembers of each slot, by slot id, for as long as the slot is in the tree.
 *
 * @param <L> what is remembered
 */
final class Arms<L> {
  /** Forgetting looks at all slots, so it waits until there are this many more lines than slots. */
  private static final int FORGET_SLACK = 64;

  /**
   * A slot with candidates.
   *
   * @param slotId its id
   * @param candidate position of its first candidate
   * @param slot what is known of it
   */
  record Arm(long slotId, int candidate, SlotFacts slot) {}

  private final LinkedHashMap<Long, L> lines = new LinkedHashMap<>();
  private final Supplier<L> fresh;

  Arms(Supplier<L> fresh) {
    this.fresh = fresh;
  }

  /** The id of the slot that a candidate acts on. */
  static long slotId(TreeSnapshot now, Candidate candidate) {
    return slot(now, candidate).slotId();
  }

  private static SlotFacts slot(TreeSnapshot now, Candidate candidate) {
    Action action = candidate.action();
    return now.level(action.level()).slots().get(action.slot());
  }

  /** The slots that have candidates, each with its first one, in the order of candidates. */
  static List<Arm> of(TreeSnapshot now, List<Candidate> candidates) {
    Map<Long, Arm> arms = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      SlotFacts slot = slot(now, candidates.get(i));
      arms.putIfAbsent(slot.slotId(), new Arm(slot.slotId(), i, slot));
    }
    return new ArrayList<>(arms.values());
  }

  /** The line of a slot, a new one if it has none. */
  L line(long slotId) {
    return lines.computeIfAbsent(slotId, id -> fresh.get());
  }

  void forEach(Consumer<L> user) {
    lines.values().forEach(user);
  }

  int size() {
    return lines.size();
  }

  /** Drops the lines of slots that are gone, so that there never are many more lines than slots. */
  void forgetAbsent(TreeSnapshot now) {
    int slots = 0;
    for (LevelFacts level : now.levels()) {
      slots += level.slots().size();
    }
    if (lines.size() <= slots + FORGET_SLACK) {
      return;
    }
    Set<Long> present = new HashSet<>();
    for (LevelFacts level : now.levels()) {
      level.slots().forEach(slot -> present.add(slot.slotId()));
    }
    Iterator<Long> ids = lines.keySet().iterator();
    while (ids.hasNext()) {
      if (!present.contains(ids.next())) {
        ids.remove();
      }
    }
  }
}
