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
}
