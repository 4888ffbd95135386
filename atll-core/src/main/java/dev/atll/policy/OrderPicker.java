package dev.atll.policy;

import java.util.HashSet;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The pickers that learn nothing and look at more than the policy's order. */
final class OrderPicker {
  static final String MOST_RUNS = "most-runs";
  static final String FIFO = "fifo";
  static final String RANDOM = "random";

  private OrderPicker() {}

  /** The slot with the most runs; of equals the first in the policy's order. */
  static final class MostRuns implements Picker {
    @Override
    public String name() {
      return MOST_RUNS;
    }

    @Override
    public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
      int chosen = 0;
      int most = -1;
      for (Arms.Arm arm : Arms.of(now, candidates)) {
        if (arm.slot().runs().size() > most) {
          most = arm.slot().runs().size();
          chosen = arm.candidate();
        }
      }
      return new Pick(chosen, 1, false);
    }

    @Override
    public void reward(long slotId, double savedNanos, double costNanos) {}
  }

  /** The slot that has been a candidate for longest without being picked. */
  static final class Fifo implements Picker {
    // In the order in which the slots came; only those that are candidates now.
    private final Map<Long, Boolean> queue = new LinkedHashMap<>();

    @Override
    public String name() {
      return FIFO;
    }

    @Override
    public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
      List<Arms.Arm> all = Arms.of(now, candidates);
      Set<Long> present = new HashSet<>();
      all.forEach(arm -> present.add(arm.slotId()));
      queue.keySet().retainAll(present);
      all.forEach(arm -> queue.putIfAbsent(arm.slotId(), true));
      long first = queue.keySet().iterator().next();
      queue.remove(first);
      for (Arms.Arm arm : all) {
        if (arm.slotId() == first) {
          return new Pick(arm.candidate(), 1, false);
        }
      }
      throw new AssertionError("the queue holds candidates only");
    }

    @Override
    public void reward(long slotId, double savedNanos, double costNanos) {}

    /** Slots that wait, for tests. */
    int waiting() {
      return queue.size();
    }
  }

  /** Any slot, all alike: what a scheduler that learns has to beat. */
  static final class Uniform implements Picker {
    private final SplittableRandom random;

    Uniform(long seed) {
      this.random = new SplittableRandom(seed);
    }

    @Override
    public String name() {
      return RANDOM;
    }

    @Override
    public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
      List<Arms.Arm> all = Arms.of(now, candidates);
      int chosen = random.nextInt(all.size());
      return new Pick(all.get(chosen).candidate(), 1.0 / all.size(), true);
    }

    @Override
    public void reward(long slotId, double savedNanos, double costNanos) {}
  }
}
