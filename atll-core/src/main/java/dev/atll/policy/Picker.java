package dev.atll.policy;

import java.util.List;

/**
 * Chooses which of the candidates that cost bytes goes first: the scheduler's bandit, whose arms are
 * the slots. Hard constraints and what writes nothing never reach it. Deterministic: made alike, with
 * the same seed, and told the same in the same order, two instances choose alike. Not thread-safe:
 * its user serialises the calls.
 */
public interface Picker {
  /** Short lower-case name, as given to options and written to logs. */
  String name();

  /**
   * Chooses one candidate.
   *
   * @param now the tree that the candidates are for; slots are known by {@link SlotFacts#slotId}
   * @param candidates at least one, in the policy's order
   */
  Pick pick(TreeSnapshot now, List<Candidate> candidates);

  /**
   * Tells what an earlier choice brought, once it has been measured.
   *
   * @param slotId the slot acted on
   * @param savedNanos what reads since would have paid more without the action, at least 0
   * @param costNanos the price of its bytes, above 0
   */
  void reward(long slotId, double savedNanos, double costNanos);

  /**
   * A choice.
   *
   * @param chosen position among the candidates
   * @param propensity probability with which it was chosen, above 0 up to 1
   * @param explored whether chance and not the best estimate chose it
   */
  record Pick(int chosen, double propensity, boolean explored) {}
}
