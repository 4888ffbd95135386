package dev.atll.bench.cli;

import dev.atll.api.AtllException;
import dev.atll.api.Options;
import dev.atll.base.Quantities;
import dev.atll.bench.store.OptionSettings;
import dev.atll.policy.Policies;
import dev.atll.policy.Spec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What the command line says about a store, refused before anything runs. */
final class StoreSettings {
  private StoreSettings() {}

  /**
   * Refuses settings that a store of ours would refuse.
   *
   * @param settings values by name, as {@code --set} gives them
   * @throws ParameterException if one is unknown, cannot be read or is out of its range
   */
  static void check(CommandLine command, Map<String, String> settings) {
    Options.Builder builder = Options.builder();
    try {
      OptionSettings.apply(builder, settings);
      builder.build();
    } catch (IllegalArgumentException | AtllException e) {
      throw new ParameterException(command, "--set: " + e.getMessage(), e);
    }
  }

  /**
   * The policies that options name: with commas or semicolons between, {@code all} for all there are,
   * those of other jars included.
   *
   * @throws ParameterException if there is none of a name, or not with these parameters
   */
  static List<String> policies(CommandLine command, List<String> texts) {
    List<String> policies = new ArrayList<>();
    for (String text : texts) {
      for (String list : text.split(";", -1)) {
        policies.addAll(Spec.list(list));
      }
    }
    if (policies.contains("all")) {
      return allPolicies(command);
    }
    policies.forEach(policy -> checkPolicy(command, policy));
    return policies;
  }

  /** All policies there are. */
  static List<String> allPolicies(CommandLine command) {
    try {
      return List.copyOf(Policies.explanations().keySet());
    } catch (AtllException e) {
      throw new ParameterException(command, "--policy: " + e.getMessage(), e);
    }
  }

  /** A name and a line for each policy there is. */
  static void explainPolicies(PrintWriter out) {
    Policies.explanations()
        .forEach((name, line) -> out.printf(Locale.ROOT, "%-13s %s%n", name, line));
    out.flush();
  }

  /** Refuses a policy that there is not, or not with these parameters. */
  static void checkPolicy(CommandLine command, String policy) {
    try {
      Policies.byName(policy, 0);
    } catch (IllegalArgumentException | AtllException e) {
      throw new ParameterException(command, "--policy: " + e.getMessage(), e);
    }
  }

  /** Reads sizes such as {@code 32m}. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Quantities.whole(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
