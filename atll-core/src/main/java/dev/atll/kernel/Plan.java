package dev.atll.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An action, worked out on a tree: which runs go, where what comes of them lies, which slots must be
 * held meanwhile. However many actions there are, there are three ways to carry one out.
 *
 * @param action what it carries out
 * @param way how
 * @param leased slots whose runs go or that get some of what is written; nobody else may take runs
 *     from them until the change is made, but newer runs may come
 * @param inputs runs that go, those of the slot acted on first, newest first in each slot
 * @param targets slots that get something, in key order
 * @param span where all targets lie
 * @param olderHere runs in the slots of the targets that are older than what comes there
 * @param joins whether the slot acted on becomes one with the next one
 */
public record Plan<R>(
    Action action,
    Way way,
    List<Place> leased,
    List<Input<R>> inputs,
    List<Target<R>> targets,
    Span span,
    List<R> olderHere,
    boolean joins) {
  /** How an action is carried out. */
  public enum Way {
    /** Each target gets one new run, made of its group: a job writes it. */
    WRITE,
    /** Each target gets a view of each run of its group: no data are written. */
    VIEW,
    /** Slots are cut in two at a key that is no guard yet: no data are written. */
    CUT
  }

  /** A run that goes. */
  public record Input<R>(Place place, R run) {}

  /**
   * A slot that gets something.
   *
   * @param place where it lies
   * @param within the slot whose keys it shows: the same, but for what is held back in level 0
   * @param group what comes there is made of these, newest first
   * @param absorbed how many of the group are the slot's own, from its newest on
   * @param residents runs in the slot when this was planned
   * @param keepsBoundary whether the lower boundary of the oldest of the group stays, with all that was
   *     counted there
   */
  public record Target<R>(
      Place place,
      Place within,
      List<R> group,
      int absorbed,
      int residents,
      boolean keepsBoundary) {
    /** Copies the list. */
    public Target {
      group = List.copyOf(group);
    }
  }

  /** Copies the lists. */
  public Plan {
    leased = List.copyOf(leased);
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    olderHere = List.copyOf(olderHere);
  }

  /** Runs older than what is written that may hold its keys: where one does, a deletion stays. */
  public List<R> older(Shape<R> tree) {
    List<R> older = new ArrayList<>(olderHere);
    older.addAll(tree.below(span));
    return older;
  }

  /** The same where other slots were cut or joined since; those that are leased are still there. */
  public Plan<R> at(UnaryOperator<Place> now) {
    return new Plan<>(
        action,
        way,
        leased.stream().map(now).toList(),
        inputs.stream().map(in -> new Input<>(now.apply(in.place()), in.run())).toList(),
        targets.stream()
            .map(
                t ->
                    new Target<>(
                        now.apply(t.place()), now.apply(t.within()), t.group(), t.absorbed(),
                        t.residents(), t.keepsBoundary()))
            .toList(),
        span,
        olderHere,
        joins);
  }

  /** The slots that a cut divides, deepest first; they must be held while it is made. */
  public List<Place> divided(Shape<R> tree, Outcome<R> outcome) {
    List<Place> places = new ArrayList<>();
    for (int level = tree.levelCount(); level >= action.level(); level--) {
      int slot = outcome.divided(level);
      if (slot >= 0) {
        places.add(new Place(level, slot));
      }
    }
    return places;
  }

  /**
   * What becomes of the tree.
   *
   * @param now the tree at that moment: newer runs may have come to the slots since
   * @throws IllegalStateException if the tree has not what the plan takes: a lease was not kept
   */
  public Change<R> apply(Shape<R> now, Outcome<R> outcome) {
    if (way == Way.CUT) {
      List<Change.Divided<R>> divided =
          divided(now, outcome).stream().map(place -> cut(now, place, outcome)).toList();
      return new Change<>(List.of(), divided, null);
    }
    Map<Place, List<R>> after = new LinkedHashMap<>();
    Map<Place, Integer> positions = new HashMap<>();
    for (Input<R> in : inputs) {
      List<R> runs = after.computeIfAbsent(in.place(), p -> new ArrayList<>(now.runs(p)));
      int at = indexOf(runs, in.run());
      require(at >= 0, "a run is gone from " + in.place());
      runs.remove(at);
      positions.putIfAbsent(in.place(), at);
    }
    for (Target<R> target : targets) {
      Place place = target.place();
      List<R> runs = after.computeIfAbsent(place, p -> new ArrayList<>(now.runs(p)));
      // Behind all that came since: it is newer than any of the group.
      int behindNewer = now.runs(place).size() - target.residents();
      require(behindNewer >= 0, "runs are gone from " + place);
      int at = positions.getOrDefault(place, behindNewer);
      if (way == Way.WRITE) {
        R written = outcome.written(target);
        if (written != null) {
          runs.add(at++, written);
        }
      } else {
        for (R run : target.group()) {
          R view = outcome.view(run, target.within());
          if (view != null) {
            runs.add(at++, view);
          }
        }
      }
      positions.put(place, at);
    }
    Place joined = joins ? new Place(action.level(), leased.get(0).slot()) : null;
    if (joined != null) {
      Place next = new Place(joined.level(), joined.slot() + 1);
      List<R> rest = after.getOrDefault(next, now.runs(next));
      require(rest.isEmpty(), "runs came to " + next);
    }
    List<Change.Touched<R>> touched = new ArrayList<>();
    after.forEach((place, runs) -> touched.add(new Change.Touched<>(place, now.runs(place), runs)));
    touched.forEach(slot -> requireOnce(slot.place(), slot.after()));
    return new Change<>(touched, List.of(), joined);
  }

  private static <R> Change.Divided<R> cut(Shape<R> now, Place place, Outcome<R> outcome) {
    List<R> left = new ArrayList<>();
    List<R> right = new ArrayList<>();
    for (R run : now.runs(place)) {
      addIfAny(left, outcome.half(run, place, true));
      addIfAny(right, outcome.half(run, place, false));
    }
    requireOnce(place, left);
    requireOnce(place, right);
    return new Change.Divided<>(place, now.runs(place), left, right);
  }

  private static <R> void addIfAny(List<R> runs, @Nullable R run) {
    if (run != null) {
      runs.add(run);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a run is told apart by identity
  private static <R> int indexOf(List<R> runs, R run) {
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i) == run) {
        return i;
      }
    }
    return -1;
  }

  private static <R> void requireOnce(Place place, List<R> runs) {
    Set<R> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (R run : runs) {
      require(seen.add(run), "a run is twice in " + place);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }
}
