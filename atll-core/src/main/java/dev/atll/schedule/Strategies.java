package dev.atll.schedule;

import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.learn.ThetaLearner;

/**
 * What compactions are decided by, as the options name it.
 *
 * @param policy which actions there are, and what each is worth
 * @param picker which of them goes first
 * @param learner what theta is tuned by
 */
public record Strategies(CompactionPolicy policy, Picker picker, ThetaLearner learner) {}
