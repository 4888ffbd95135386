package dev.atll.observe.event;

import java.util.List;

/** A policy's choices, complete enough to be replayed and scored off line. */
public sealed interface DecisionEvent extends VizEvent {

  /**
   * A policy chose among candidates; holds all that a replay or an off-policy estimate needs.
   *
   * @param timeNanos engine clock
   * @param decisionId counts up from 1 within one opening of the store
   * @param versionId the tree shape that was looked at
   * @param policy name of the policy
   * @param candidates every legal action, in the policy's order
   * @param chosen index into {@code candidates}, or -1 for "do nothing"
   * @param theta threshold on burden over cost that was in force
   * @param price shadow price of bandwidth; 0 while no budget binds
   * @param arm the learner's arm that set {@code theta}, or -1 without a learner
   * @param armPropensities probability of each arm before the draw; empty without a learner
   * @param context the learner's feature vector; empty without a learner
   * @param propensity probability with which the logged choice was made, above 0 up to 1
   * @param explored true if the choice was drawn in order to learn
   * @param seed state of the random stream before the draw, for replay
   * @param planNanos time spent deciding
   */
  record Made(
      long timeNanos,
      long decisionId,
      long versionId,
      Label policy,
      List<Candidate> candidates,
      int chosen,
      double theta,
      double price,
      int arm,
      Doubles armPropensities,
      Doubles context,
      double propensity,
      boolean explored,
      long seed,
      long planNanos)
      implements DecisionEvent {

    /**
     * Takes a copy of the candidates.
     *
     * @throws IllegalArgumentException if {@code chosen} names no candidate or the propensity is
     *     not in (0, 1]
     */
    public Made {
      candidates = List.copyOf(candidates);
      if (chosen < -1 || chosen >= candidates.size()) {
        throw new IllegalArgumentException("chosen " + chosen + " of " + candidates.size());
      }
      if (!(propensity > 0 && propensity <= 1)) {
        throw new IllegalArgumentException("propensity " + propensity + " not in (0, 1]");
      }
    }
  }

  /**
   * What a policy saw, so that the look can be rebuilt bit for bit and decided again; detail.
   *
   * <p>The columns tell what differs from the look before, and everything in a whole one: see {@code
   * context/replay.md}. Slots and runs go by numbers of the engine's own, never by keys.
   *
   * @param timeNanos engine clock
   * @param lookId counts every look from 1 within one opening of the store, recorded or not
   * @param decisionId the decision made on it, or 0 if it came to nothing
   * @param versionId the tree shape that was looked at
   * @param offered how many actions the policy offered
   * @param taken place of the one carried out, urgent ones first and then by index; -1 for none
   * @param refused places that were tried before it and could not be carried out: a slot was leased,
   *     the disk too full, or there was nothing to do
   * @param toldSlots slots whose rewards the scheduler was told of since its last choice
   * @param toldNanos for each of them what was saved and what it cost
   * @param rules one in a whole look, else none
   * @param theta threshold on burden over cost
   * @param decay factor on all heats since the look before
   * @param agedMillis time since the look before, as far as deletions' ages tell
   * @param uniformRuns runs that all slots of a level shall have, level 1 first; empty while slots are
   *     treated apart
   * @param levels levels whose slots or targets changed
   * @param slots slots whose place or runs changed
   * @param runs runs whose facts changed
   * @param heats slots visited since
   * @param heatsExact heats that cannot be told by what was added
   */
  record Looked(
      long timeNanos,
      long lookId,
      long decisionId,
      long versionId,
      int offered,
      int taken,
      Longs refused,
      Longs toldSlots,
      Doubles toldNanos,
      List<LookRules> rules,
      double theta,
      double decay,
      long agedMillis,
      Longs uniformRuns,
      Longs levels,
      Longs slots,
      Longs runs,
      Longs heats,
      Doubles heatsExact)
      implements DecisionEvent {

    /** Takes a copy of the rules. */
    public Looked {
      rules = List.copyOf(rules);
    }

    @Override
    public boolean isDetail() {
      return true;
    }
  }

  /** The measured consequence of an earlier decision; {@code arm} is -1 without a learner. */
  record Rewarded(
      long timeNanos,
      long decisionId,
      Label policy,
      int arm,
      double reward,
      double readCostMicros,
      double writeCostMicros,
      double spaceCostMicros,
      long delayNanos)
      implements DecisionEvent {}

  /**
   * A policy, picker or learner threw, or answered what makes no sense; after several such failures
   * in a row it is {@code replaced} by a safe one of the engine's own.
   */
  record AdviserFailed(
      long timeNanos, AdviserRole role, Label name, int failuresInARow, boolean replaced)
      implements DecisionEvent {}
}
