package dev.atll.base;

/**
 * What the options about decisions may name. The floor of policies knows the names, the options
 * below it only ask; found by {@link java.util.ServiceLoader}. Each call throws {@code
 * dev.atll.api.InvalidInputException}, with what is allowed, if the text names nothing. Thread-safe.
 */
public interface DecisionNames {
  /** Refuses what names no policy, or one with wrong parameters. */
  void policy(String text, long seed);

  /** Refuses what names no picker, or one with wrong parameters. */
  void picker(String text, long seed);

  /** Refuses what names no learner of theta, or one with wrong parameters. */
  void learner(String text, long seed);

  /** Refuses what is no list of prices. */
  void unitCosts(String text);
}
