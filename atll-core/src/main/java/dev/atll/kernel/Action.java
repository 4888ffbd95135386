package dev.atll.kernel;

import dev.atll.observe.event.ActionKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be done to the tree. Runs are named by position in their slot, 0 = newest. An
 * action is all that there is to know of it: engine, simulator, replay and tests carry out whatever
 * its {@link #plan} says, so that one more is one more class.
 */
public interface Action {
  /** Level of the slot acted on. */
  int level();

  /** Rank of the slot acted on. */
  int slot();

  /**
   * The same action later, on a tree in which the slot has another rank and has got newer runs.
   *
   * @param newer how many
   */
  Action at(int slot, int newer);

  /** What it is called in events. */
  ActionKind kind();

  /** What it is called in reports. */
  String label();

  /** Position of the newest run that it takes. */
  int first();

  /** How many runs it takes of a slot that holds so many. */
  int runs(int held);

  /** Whether a slot that holds so many runs has those that it names. */
  default boolean fits(int held) {
    return first() >= 0 && first() <= held && first() + runs(held) <= held;
  }

  /** Whether it leaves the slot with fewer runs, if it can be carried out. */
  boolean relieves();

  /**
   * Works it out on a tree whose slot has the runs that it names.
   *
   * @return null if it cannot be done there
   */
  <R> @Nullable Plan<R> plan(Shape<R> tree);

  /**
   * Rewrites the age-contiguous runs {@code first} to {@code last} (both included) of a slot into
   * one run of the same slot. With {@code first == last} it rewrites one run: a purge of deletions
   * and of dead file space.
   */
  record Merge(int level, int slot, int first, int last) implements Action {
    @Override
    public Action at(int slot, int newer) {
      return new Merge(level, slot, first + newer, last + newer);
    }

    @Override
    public ActionKind kind() {
      return first == last ? ActionKind.REWRITE : ActionKind.MERGE;
    }

    @Override
    public String label() {
      return first == last ? "rewrite" : "merge";
    }

    @Override
    public int runs(int held) {
      return last - first + 1;
    }

    @Override
    public boolean fits(int held) {
      return first >= 0 && first <= last && last < held;
    }

    @Override
    public boolean relieves() {
      return first < last;
    }

    @Override
    public <R> Plan<R> plan(Shape<R> tree) {
      Place here = new Place(level, slot);
      List<R> held = tree.runs(here);
      List<R> merged = held.subList(first, last + 1);
      return new Plan<>(
          this,
          Plan.Way.WRITE,
          List.of(here),
          inputs(here, merged),
          List.of(new Plan.Target<>(here, here, merged, merged.size(), held.size(), true)),
          new Span(level, slot, slot),
          held.subList(last + 1, held.size()),
          false);
    }
  }

  /**
   * Merges the runs from {@code first} to the oldest of a slot and hands them to the slots below,
   * each child absorbing its newest {@code absorb} runs into the output: 0 adds one newest run to
   * each child (tiered), {@link Integer#MAX_VALUE} leaves each child with one run (leveled).
   */
  record Promote(int level, int slot, int first, int absorb) implements Action {
    @Override
    public Action at(int slot, int newer) {
      return new Promote(level, slot, first + newer, absorb);
    }

    @Override
    public ActionKind kind() {
      return ActionKind.MERGE_DOWN;
    }

    @Override
    public String label() {
      return absorb == 0 ? "hand down" : "merge down";
    }

    @Override
    public int runs(int held) {
      return held - first;
    }

    @Override
    public boolean fits(int held) {
      return first >= 0 && first <= held && absorb >= 0;
    }

    @Override
    public boolean relieves() {
      return true;
    }

    @Override
    public <R> @Nullable Plan<R> plan(Shape<R> tree) {
      Place here = new Place(level, slot);
      List<R> moved = tail(tree, here, first);
      if (moved.isEmpty()) {
        return null;
      }
      List<Place> leased = new ArrayList<>(List.of(here));
      List<Plan.Input<R>> inputs = new ArrayList<>(inputs(here, moved));
      List<Plan.Target<R>> targets = new ArrayList<>();
      List<R> older = new ArrayList<>();
      Span children = children(tree, here);
      for (int s = children.first(); s <= children.last(); s++) {
        Place child = new Place(level + 1, s);
        if (moved.stream().noneMatch(run -> tree.shows(run, child))) {
          continue;
        }
        List<R> resident = tree.runs(child);
        int absorbed = Math.min(absorb, resident.size());
        List<R> group = new ArrayList<>(moved);
        group.addAll(resident.subList(0, absorbed));
        leased.add(child);
        inputs.addAll(inputs(child, resident.subList(0, absorbed)));
        // Without a resident run the boundary between the levels is gone, and what was counted there.
        targets.add(
            new Plan.Target<>(child, child, group, absorbed, resident.size(), absorbed > 0));
        older.addAll(resident.subList(absorbed, resident.size()));
      }
      return new Plan<>(
          this, Plan.Way.WRITE, leased, inputs, targets, children, older, false);
    }
  }

  /** Hands the runs from {@code first} to the oldest to the slots below without writing a byte. */
  record Move(int level, int slot, int first) implements Action {
    @Override
    public Action at(int slot, int newer) {
      return new Move(level, slot, first + newer);
    }

    @Override
    public ActionKind kind() {
      return ActionKind.MOVE_DOWN;
    }

    @Override
    public String label() {
      return "move down";
    }

    @Override
    public int runs(int held) {
      return held - first;
    }

    @Override
    public boolean relieves() {
      return true;
    }

    @Override
    public <R> @Nullable Plan<R> plan(Shape<R> tree) {
      Place here = new Place(level, slot);
      List<R> moved = tail(tree, here, first);
      if (moved.isEmpty()) {
        return null;
      }
      // The slots below only gain newest runs: that needs no lease.
      List<Plan.Target<R>> targets = new ArrayList<>();
      Span children = children(tree, here);
      for (int s = children.first(); s <= children.last(); s++) {
        Place child = new Place(level + 1, s);
        targets.add(new Plan.Target<>(child, child, moved, 0, tree.runs(child).size(), false));
      }
      return new Plan<>(
          this,
          Plan.Way.VIEW,
          List.of(here),
          inputs(here, moved),
          targets,
          children,
          List.of(),
          false);
    }
  }

  /** Cuts a slot in two at a key of the engine's choice; writes no data. */
  record Split(int level, int slot) implements Action {
    @Override
    public Action at(int slot, int newer) {
      return new Split(level, slot);
    }

    @Override
    public ActionKind kind() {
      return ActionKind.GUARD_ADD;
    }

    @Override
    public String label() {
      return "split";
    }

    @Override
    public int first() {
      return 0;
    }

    @Override
    public int runs(int held) {
      return held;
    }

    @Override
    public boolean relieves() {
      return true;
    }

    /** The deeper levels are cut too, where they have no guard there: guards are nested. */
    @Override
    public <R> Plan<R> plan(Shape<R> tree) {
      return new Plan<>(
          this,
          Plan.Way.CUT,
          List.of(),
          List.of(),
          List.of(),
          new Span(level, slot, slot),
          List.of(),
          false);
    }
  }

  /** Joins a slot and the next one, rewriting both into one run. */
  record Join(int level, int slot) implements Action {
    @Override
    public Action at(int slot, int newer) {
      return new Join(level, slot);
    }

    @Override
    public ActionKind kind() {
      return ActionKind.GUARD_REMOVE;
    }

    @Override
    public String label() {
      return "join";
    }

    @Override
    public int first() {
      return 0;
    }

    @Override
    public int runs(int held) {
      return held;
    }

    @Override
    public boolean relieves() {
      return false;
    }

    @Override
    public <R> @Nullable Plan<R> plan(Shape<R> tree) {
      Place here = new Place(level, slot);
      Place next = new Place(level, slot + 1);
      if (next.slot() >= tree.slotCount(level) || tree.isGuardAbove(next)) {
        return null;
      }
      List<Plan.Input<R>> inputs = new ArrayList<>(inputs(here, tree.runs(here)));
      inputs.addAll(inputs(next, tree.runs(next)));
      List<R> both = inputs.stream().map(Plan.Input::run).toList();
      return new Plan<>(
          this,
          Plan.Way.WRITE,
          List.of(here, next),
          inputs,
          both.isEmpty()
              ? List.of()
              : List.of(new Plan.Target<>(here, here, both, 0, tree.runs(here).size(), false)),
          new Span(level, slot, slot + 1),
          List.of(),
          true);
    }
  }

  /**
   * Hands the oldest run of level 0 that can go to the slots of level 1, as views. A slot that holds
   * {@code runsCap} runs holds back its own part of the run, which stays in level 0; while any part
   * of a range is held back, newer runs wait behind it there (invariant I4).
   */
  record Admit(int runsCap) implements Action {
    @Override
    public int level() {
      return 0;
    }

    @Override
    public int slot() {
      return 0;
    }

    @Override
    public Action at(int slot, int newer) {
      return this;
    }

    @Override
    public ActionKind kind() {
      return ActionKind.ADMIT;
    }

    @Override
    public String label() {
      return "admit";
    }

    @Override
    public int first() {
      return 0;
    }

    @Override
    public int runs(int held) {
      return Math.min(1, held);
    }

    @Override
    public boolean relieves() {
      return true;
    }

    @Override
    public <R> @Nullable Plan<R> plan(Shape<R> tree) {
      List<R> queue = tree.runs(Place.LEVEL_ZERO);
      Span all = new Span(1, 0, tree.slotCount(1) - 1);
      boolean[] blocked = new boolean[all.last() + 1];
      for (int i = queue.size() - 1; i >= 0; i--) {
        R run = queue.get(i);
        List<Plan.Target<R>> targets = new ArrayList<>();
        int made = 0;
        for (int s = 0; s <= all.last(); s++) {
          Place place = new Place(1, s);
          if (!tree.shows(run, place)) {
            continue;
          }
          int residents = tree.runs(place).size();
          blocked[s] |= residents >= runsCap;
          Place into = blocked[s] ? Place.LEVEL_ZERO : place;
          int before = blocked[s] ? queue.size() : residents;
          targets.add(new Plan.Target<>(into, place, List.of(run), 0, before, false));
          made += blocked[s] ? 0 : 1;
        }
        if (made > 0 || targets.isEmpty()) {
          return new Plan<>(
              this,
              Plan.Way.VIEW,
              List.of(),
              List.of(new Plan.Input<>(Place.LEVEL_ZERO, run)),
              targets,
              all,
              List.of(),
              false);
        }
      }
      return null;
    }
  }

  private static <R> List<R> tail(Shape<R> tree, Place place, int first) {
    List<R> runs = tree.runs(place);
    return place.level() < tree.levelCount() ? runs.subList(first, runs.size()) : List.of();
  }

  private static <R> Span children(Shape<R> tree, Place place) {
    return new Span(
        place.level() + 1,
        tree.firstChild(place.level(), place.slot()),
        tree.lastChild(place.level(), place.slot()));
  }

  private static <R> List<Plan.Input<R>> inputs(Place place, List<R> runs) {
    return runs.stream().map(run -> new Plan.Input<>(place, run)).toList();
  }
}
