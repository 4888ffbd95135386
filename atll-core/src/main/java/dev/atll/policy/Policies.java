package dev.atll.policy;

import dev.atll.api.AtllException;
import dev.atll.api.InvalidInputException;
import dev.atll.observe.event.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The compaction policies by name: those of this project, and those of other jars. */
public final class Policies {
  private record BuiltIn(
      String name, String explanation, BiFunction<Spec, Long, CompactionPolicy> maker)
      implements PolicyProvider {
    @Override
    public CompactionPolicy create(Spec spec, long seed) {
      return maker.apply(spec, seed);
    }
  }

  private static final List<PolicyProvider> BUILT_IN =
      List.of(
          new BuiltIn(
              LeveledPolicy.NAME,
              "one run per slot everywhere: cheapest reads, dearest writes",
              (spec, seed) -> new LeveledPolicy()),
          new BuiltIn(
              TieredPolicy.NAME,
              "up to T - 1 runs per slot everywhere: cheapest writes, dearest reads, most space",
              (spec, seed) -> new TieredPolicy()),
          new BuiltIn(
              LazyLevelingPolicy.NAME,
              "tiered above, one run per slot at the last level",
              (spec, seed) -> new LazyLevelingPolicy()),
          new BuiltIn(
              FluidPolicy.NAME,
              "up to K runs in a slot, Z at the last level (K=4, Z=1; at most T - 1 each)",
              (spec, seed) -> new FluidPolicy(spec)),
          new BuiltIn(
              PartialPolicy.NAME,
              "leveled, levels kept full: down goes the slot that meets fewest bytes per byte",
              (spec, seed) -> new PartialPolicy()),
          new BuiltIn(
              AlignedPolicy.NAME,
              "leveled by full merges: a full level is emptied into the next, slot by slot",
              (spec, seed) -> new AlignedPolicy()),
          new BuiltIn(
              FlsmPolicy.NAME,
              "runs gather in a guard, are merged once and join those below (runs=T)",
              (spec, seed) -> new FlsmPolicy(spec)),
          new BuiltIn(
              BinomialPolicy.NAME,
              "at most k runs in a slot, merged in binomial order (k=4)",
              (spec, seed) -> new BinomialPolicy(spec)),
          new BuiltIn(
              UcsPolicy.NAME,
              "unified: W < 0 levels with fanout 2-W, W >= 0 tiers with 2+W, by level (W=2, W=-8/2/2)",
              (spec, seed) -> new UcsPolicy(spec)),
          new BuiltIn(
              UcsAdaptivePolicy.NAME,
              "unified, with the W that costs least, checked now and then"
                  + " (min=-10, max=50, gain=0.15, every=16 decisions)",
              (spec, seed) -> new UcsAdaptivePolicy(spec)),
          new BuiltIn(
              SpecPolicy.NAME,
              "atll as first designed: K of a slot by thresholds of heat (hot=0.8, cold=0.2)",
              (spec, seed) -> new SpecPolicy(spec)),
          new BuiltIn(
              GreedyPolicy.NAME,
              "merges what the reads of late would have saved most on per byte; no memory",
              (spec, seed) -> new GreedyPolicy()),
          new BuiltIn(
              AtllPolicy.NAME,
              "each slot finds its number of runs: merges when reads have paid what merging costs",
              (spec, seed) -> new AtllPolicy()));

  private Policies() {}

  /** The names of this project's policies, from the simplest to the one it exists for. */
  public static List<String> names() {
    return BUILT_IN.stream().map(PolicyProvider::name).toList();
  }

  /**
   * All names with one line each: this project's, then those of other jars. A name that comes twice
   * means the first one.
   *
   * @throws InvalidInputException if a policy of another jar cannot be loaded
   */
  public static Map<String, String> explanations() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (PolicyProvider provider : providers()) {
      String name = nameOf(provider);
      if (name != null) {
        lines.putIfAbsent(name, explanationOf(provider));
      }
    }
    return lines;
  }

  /**
   * The policy of this name.
   *
   * @param text a name, with parameters where the policy has any: see {@link Spec}
   * @param seed of the chance that some policies use; the same seed repeats their choices
   * @throws InvalidInputException if there is none, or a parameter is wrong
   */
  public static CompactionPolicy byName(String text, long seed) {
    Spec spec = Spec.parse(text);
    // Other jars are not looked at for names of this project: a broken one keeps no store from opening.
    PolicyProvider provider = find(BUILT_IN, spec.name());
    if (provider == null) {
      provider = find(providers(), spec.name());
    }
    if (provider == null) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "no compaction policy is called \"%s\"; there are %s",
              spec.name(), explanations().keySet()));
    }
    CompactionPolicy policy =
        BUILT_IN.contains(provider) ? provider.create(spec, seed) : foreign(provider, spec, seed);
    spec.checkAllRead();
    return policy;
  }

  /** Code of others is checked here, at the door, before anything depends on it. */
  private static CompactionPolicy foreign(PolicyProvider provider, Spec spec, long seed) {
    CompactionPolicy made;
    String name;
    try {
      made = provider.create(spec, seed);
      name = made == null ? null : made.name();
    } catch (AtllException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      throw new InvalidInputException(
          "policy \"" + spec.name() + "\" of " + provider.getClass().getName() + " failed: " + e, e);
    }
    if (made == null || name == null) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "policy \"%s\" of %s is null, or its name is",
              spec.name(), provider.getClass().getName()));
    }
    try {
      // Events carry it: a name that they cannot would fail each of them.
      return new ForeignPolicy(Label.of(name).value(), made);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "policy \"%s\" of %s has a name that is not allowed: %s",
              spec.name(), provider.getClass().getName(), e.getMessage()),
          e);
    }
  }

  private static @Nullable PolicyProvider find(List<PolicyProvider> providers, String name) {
    for (PolicyProvider provider : providers) {
      if (name.equals(nameOf(provider))) {
        return provider;
      }
    }
    return null;
  }

  /** The name, or null if the provider, which may be code of others, has none to give. */
  private static @Nullable String nameOf(PolicyProvider provider) {
    try {
      return provider.name();
    } catch (Exception | LinkageError e) {
      // Nobody can ask for it; the others are to be found all the same.
      return null;
    }
  }

  private static String explanationOf(PolicyProvider provider) {
    try {
      return String.valueOf(provider.explanation());
    } catch (Exception | LinkageError e) {
      return "(no explanation: " + e + ")";
    }
  }

  private static List<PolicyProvider> providers() {
    List<PolicyProvider> all = new ArrayList<>(BUILT_IN);
    try {
      ServiceLoader.load(PolicyProvider.class).forEach(all::add);
    } catch (ServiceConfigurationError e) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "a policy of another jar cannot be loaded: %s; mend or remove its line in META-INF/services/%s",
              e.getMessage(), PolicyProvider.class.getName()),
          e);
    }
    return all;
  }
}
