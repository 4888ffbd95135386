package dev.atll.bench.store;

import dev.atll.api.Options;
import java.util.LinkedHashMap;
import java.util.Map;

/** Options of a store as the command line gives them and as reports show them: text by name. */
public final class OptionSettings {
  private OptionSettings() {}

  /**
   * Applies settings to a builder.
   *
   * @param builder the builder to change
   * @param settings values by name, as {@link Options.Builder#set} reads them
   * @throws dev.atll.api.InvalidInputException if a name is unknown, or a value cannot be read or is
   *     out of its range
   */
  public static void apply(Options.Builder builder, Map<String, String> settings) {
    settings.forEach(builder::set);
  }

  /** The options in force by name, as text, in the order of {@link Options#describe()}. */
  public static Map<String, String> effective(Options options) {
    Map<String, String> values = new LinkedHashMap<>();
    options
        .describe()
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf(" = ");
              if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 3));
              }
            });
    return values;
  }
}
