package dev.atll.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the tree differs after an action; all other slots are as they were, but for the ranks of those
 * behind a slot that was cut or joined.
 *
 * @param touched slots with other runs than before, by their places before
 * @param divided slots cut in two, deepest level first
 * @param joined a slot that becomes one with the next one, whose runs it gets; else null
 */
public record Change<R>(
    List<Touched<R>> touched, List<Divided<R>> divided, @Nullable Place joined) {
  /**
   * A slot with other runs than before.
   *
   * @param before its runs, newest first
   * @param after its runs, newest first
   */
  public record Touched<R>(Place place, List<R> before, List<R> after) {
    /** Copies the lists. */
    public Touched {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    /** Runs that went, newest first. */
    public List<R> gone() {
      return without(before, after);
    }

    /** Runs that came, newest first. */
    public List<R> come() {
      return without(after, before);
    }
  }

  /**
   * A slot cut in two.
   *
   * @param before its runs, newest first
   * @param left runs of the part that keeps its rank
   * @param right runs of the part behind that
   */
  public record Divided<R>(Place place, List<R> before, List<R> left, List<R> right) {
    /** Copies the lists. */
    public Divided {
      before = List.copyOf(before);
      left = List.copyOf(left);
      right = List.copyOf(right);
    }
  }

  /** Copies the lists. */
  public Change {
    touched = List.copyOf(touched);
    divided = List.copyOf(divided);
  }

  /** Elements of a list that another has not, by identity. */
  static <R> List<R> without(List<R> list, List<R> other) {
    Set<R> present = Collections.newSetFromMap(new IdentityHashMap<>());
    present.addAll(other);
    List<R> rest = new ArrayList<>(list);
    rest.removeIf(present::contains);
    return rest;
  }
}
