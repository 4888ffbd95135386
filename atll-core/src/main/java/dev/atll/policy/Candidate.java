package dev.atll.policy;

import dev.atll.kernel.Action;
import java.util.Comparator;

/**
 * An action with its price.
 *
 * @param action what would be done
 * @param reason why it is offered
 * @param bytesRead bytes the action reads, resident bytes of target slots included
 * @param bytesWritten bytes the action writes at most
 * @param burdenNanos what reads paid so far at the run boundaries that the action removes
 * @param costNanos price of the bytes
 * @param index what candidates are ordered by, greatest first; for ATLL burden ÷ cost
 * @param urgent whether it must run before any that is not: a hard constraint is at stake
 */
public record Candidate(
    Action action,
    Reason reason,
    long bytesRead,
    long bytesWritten,
    double burdenNanos,
    double costNanos,
    double index,
    boolean urgent) {
  /** Urgent ones first, then by index, the greatest first. */
  static final Comparator<Candidate> FIRST_FIRST =
      (a, b) ->
          a.urgent != b.urgent ? (a.urgent ? -1 : 1) : Double.compare(b.index, a.index);

  /** Why a candidate is offered. */
  public enum Reason {
    /** A slot has as many runs as the engine allows. */
    RUNS_CAP,
    /** A slot has more runs than the policy's K. */
    RUNS,
    /** Reads have paid as much at run boundaries as removing them costs. */
    READ_BURDEN,
    /** A read could meet more runs than its bound allows. */
    READ_BOUND,
    /** A level or slot holds more bytes than its target. */
    SIZE,
    /** Overwritten or dead data exceeds the space bound. */
    SPACE,
    /** Too many deletions. */
    TOMBSTONES,
    /** A slot is large enough to be cut in two. */
    SPLIT,
    /** Neighbouring slots are small enough to be joined. */
    JOIN
  }

  /** The same, to be run before any that is not urgent. */
  Candidate asUrgent() {
    return new Candidate(
        action, reason, bytesRead, bytesWritten, burdenNanos, costNanos, index, true);
  }
}
