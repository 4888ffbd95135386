package dev.atll.policy.names;

import dev.atll.base.DecisionNames;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.UnitCosts;
import dev.atll.policy.learn.Learners;

/** Tells options which names mean something, by making what they name. */
public final class KnownNames implements DecisionNames {
  /** Made by the service loader. */
  public KnownNames() {}

  @Override
  public void policy(String text, long seed) {
    Policies.byName(text, seed);
  }

  @Override
  public void picker(String text, long seed) {
    Pickers.byName(text, seed);
  }

  @Override
  public void learner(String text, long seed) {
    Learners.byName(text, seed);
  }

  @Override
  public void unitCosts(String text) {
    UnitCosts.parse(text);
  }
}
