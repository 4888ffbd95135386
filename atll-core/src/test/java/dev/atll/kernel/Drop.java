package dev.atll.kernel;

import dev.atll.observe.event.ActionKind;
import java.util.List;

/**
 * An action that the engine has not: drops the oldest runs of a slot, with all that they hold. All that
 * there is to say of one more action is in this file.
 */
public record Drop(int level, int slot, int first) implements Action {
  @Override
  public Action at(int slot, int newer) {
    return new Drop(level, slot, first + newer);
  }

  @Override
  public ActionKind kind() {
    return ActionKind.PURGE;
  }

  @Override
  public String label() {
    return "drop";
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
  public <R> Plan<R> plan(Shape<R> tree) {
    Place here = new Place(level, slot);
    List<R> runs = tree.runs(here);
    return new Plan<>(
        this,
        Plan.Way.VIEW,
        List.of(here),
        runs.subList(first, runs.size()).stream().map(run -> new Plan.Input<>(here, run)).toList(),
        List.of(),
        new Span(level, slot, slot),
        List.of(),
        false);
  }
}
