package dev.atll.bench.store;

import dev.atll.Atll;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens our engine. */
final class AtllProvider implements StoreProvider {
  @Override
  public List<String> names() {
    return List.of("atll");
  }

  @Override
  public Store open(String name, Path directory, Map<String, String> settings) {
    return new AtllStore(name, directory, Atll.open(directory, options(settings)));
  }

  static Options options(Map<String, String> settings) {
    // Logged but not synced, as the peers' defaults are; a setting may ask for more.
    Options.Builder builder = Options.builder().durability(Durability.OS);
    OptionSettings.apply(builder, settings);
    return builder.build();
  }
}
