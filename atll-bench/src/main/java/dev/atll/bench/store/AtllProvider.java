package dev.atll.bench.store;

import dev.atll.Atll;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens our engine. */
final class AtllProvider implements StoreProvider {
  // Peers get a sixteenth for each of theirs. These are on the heap, several at a time.
  private static final long MEMTABLE_PART = 48;
  private static final long MEMTABLES_IN_HEAP = 6;

  @Override
  public List<String> names() {
    return List.of("atll");
  }

  @Override
  public Store open(String name, Path directory, Map<String, String> settings) {
    return new AtllStore(name, directory, Atll.open(directory, options(settings)));
  }

  @Override
  public Map<String, String> within(String name, long memoryBytes, long heapBytes) {
    long wanted = Math.min(memoryBytes / MEMTABLE_PART, heapBytes / MEMTABLES_IN_HEAP);
    long memtable = Math.clamp(wanted, 1L << 20, 64L << 20);
    return Map.of("memtableBytes", Long.toString(memtable));
  }

  static Options options(Map<String, String> settings) {
    // Logged but not synced, as the peers' defaults are; a setting may ask for more.
    Options.Builder builder = Options.builder().durability(Durability.OS);
    OptionSettings.apply(builder, settings);
    return builder.build();
  }
}
