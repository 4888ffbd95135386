package dev.atll.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store should hold: the batches written so far, each with its revision, and what is live
 * after each of them. A digest of every state tells which of them a recovered store has.
 */
final class Model {
  /**
   * A change of one key.
   *
   * @param value null for a deletion
   */
  record Change(Bytes key, @Nullable Bytes value) {
    @Override
    public String toString() {
      return value == null ? "-" + key : key + "=" + value;
    }
  }

  /** What a live key has, and since when. */
  record Live(long revision, Bytes value) {}

  /**
   * One batch.
   *
   * @param digest of the state after it
   */
  private record Step(long revision, List<Change> changes, long digest) {}

  private final List<Step> steps = new ArrayList<>();
  private final TreeMap<Bytes, Live> live = new TreeMap<>();
  private long digest;

  /** How many batches there are; state n is the one after n batches. */
  int steps() {
    return steps.size();
  }

  /** The revision of state n, 0 for the empty one. */
  long revision(int state) {
    return state == 0 ? 0 : steps.get(state - 1).revision();
  }

  long lastRevision() {
    return revision(steps.size());
  }

  NavigableMap<Bytes, Live> live() {
    return live;
  }

  void apply(long revision, List<Change> changes) {
    if (revision <= lastRevision()) {
      throw new AssertionError("revision " + revision + " after " + lastRevision());
    }
    digest += applyTo(live, revision, changes);
    steps.add(new Step(revision, List.copyOf(changes), digest));
  }

  /** Takes the last batch back: it was refused. */
  void undo() {
    Model shorter = upTo(steps.size() - 1);
    steps.removeLast();
    live.clear();
    live.putAll(shorter.live);
    digest = shorter.digest;
  }

  /** The newest state at or below a revision. */
  int stateAt(long revision) {
    int low = 0;
    int high = steps.size();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (revision(middle) <= revision) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** What was live in a state. */
  NavigableMap<Bytes, Live> at(int state) {
    if (state == steps.size()) {
      return new TreeMap<>(live);
    }
    TreeMap<Bytes, Live> map = new TreeMap<>();
    for (Step step : steps.subList(0, state)) {
      applyTo(map, step.revision(), step.changes());
    }
    return map;
  }

  /** A model of its own that has only the first batches. */
  Model upTo(int state) {
    Model copy = new Model();
    copy.steps.addAll(steps.subList(0, state));
    copy.live.putAll(at(state));
    copy.digest = digestOf(state);
    return copy;
  }

  private long digestOf(int state) {
    return state == 0 ? 0 : steps.get(state - 1).digest();
  }

  /** The newest state with this digest between two states, both included, or -1. */
  int find(long wanted, int from, int to) {
    for (int state = to; state >= from; state--) {
      if (digestOf(state) == wanted) {
        return state;
      }
    }
    return -1;
  }

  private static long applyTo(
      Map<Bytes, Live> map, long revision, List<Change> changes) {
    long delta = 0;
    for (Change change : changes) {
      Bytes value = change.value();
      Live before;
      if (value == null) {
        before = map.remove(change.key());
      } else {
        before = map.put(change.key(), new Live(revision, value));
        delta += digest(change.key(), value, revision);
      }
      if (before != null) {
        delta -= digest(change.key(), before.value(), before.revision());
      }
    }
    return delta;
  }

  /** What one live entry adds to the digest of a state. */
  static long digest(Bytes key, Bytes value, long revision) {
    long h = key.hashCode() * 0x9E3779B97F4A7C15L + value.hashCode();
    h = (h ^ (h >>> 29)) * 0xBF58476D1CE4E5B9L + revision + key.length();
    h = (h ^ (h >>> 32)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
