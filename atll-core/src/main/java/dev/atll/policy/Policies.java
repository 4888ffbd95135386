package dev.atll.policy;

import dev.atll.api.InvalidInputException;

/** The policies by name. */
public final class Policies {
  private Policies() {}

  /**
   * The policy with a name.
   *
   * @param theta burden ÷ cost at which a policy that measures burdens acts
   * @throws InvalidInputException if there is no such policy
   */
  public static CompactionPolicy byName(String name, double theta) {
    return switch (name) {
      case "leveled", "tiered", "lazy", "atll" -> new BoundedRunsPolicy(name, 4);
      default -> throw new InvalidInputException("no compaction policy is called " + name);
    };
  }
}
