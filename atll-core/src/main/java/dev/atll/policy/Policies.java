package dev.atll.policy;

import dev.atll.api.InvalidInputException;
import java.util.List;

/** The compaction policies by name. */
public final class Policies {
  private static final List<String> NAMES =
      List.of(LeveledPolicy.NAME, TieredPolicy.NAME, LazyLevelingPolicy.NAME, AtllPolicy.NAME);

  private Policies() {}

  /** All names, from the simplest policy to the one of this project. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The policy of this name.
   *
   * @param name one of {@link #names()}
   * @param seed of the chance that some policies use; the same seed repeats their choices
   * @throws InvalidInputException if there is none
   */
  public static CompactionPolicy byName(String name, long seed) {
    return switch (name) {
      case LeveledPolicy.NAME -> new LeveledPolicy();
      case TieredPolicy.NAME -> new TieredPolicy();
      case LazyLevelingPolicy.NAME -> new LazyLevelingPolicy();
      case AtllPolicy.NAME -> new AtllPolicy();
      default ->
          throw new InvalidInputException(
              "no compaction policy is called \"%s\"; there are %s".formatted(name, NAMES));
    };
  }
}
