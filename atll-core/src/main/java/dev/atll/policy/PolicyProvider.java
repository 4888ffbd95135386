package dev.atll.policy;

/**
 * Makes policies of one kind. Those of other jars are found through {@link java.util.ServiceLoader}:
 * a line with the class's name in {@code META-INF/services/dev.atll.policy.PolicyProvider} is enough
 * for {@link Policies#byName} to know it, and so for options, commands, simulator and replay.
 */
public interface PolicyProvider {
  /** The name asked for: lower-case letters, digits and hyphens; not one that is taken already. */
  String name();

  /** One line on what it does, with its parameters. */
  String explanation();

  /**
   * Makes a policy, which should return {@link Spec#label} as its name.
   *
   * @param spec what was asked for; a parameter that is never read from it is refused afterwards
   * @param seed of all chance in its decisions
   */
  CompactionPolicy create(Spec spec, long seed);
}
