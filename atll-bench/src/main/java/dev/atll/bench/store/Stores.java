package dev.atll.bench.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** All engines that this build can open: ours, the reference, and peers on the class path. */
public final class Stores {
  private static final List<StoreProvider> OWN = List.of(new AtllProvider(), new MemoryProvider());

  private Stores() {}

  /** Their names. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    providers().forEach(provider -> names.addAll(provider.names()));
    return names;
  }

  /**
   * Opens a store.
   *
   * @param name one of {@link #names()}
   * @param directory where its files go
   * @param settings settings of the engine by name
   * @return the open store
   * @throws IllegalArgumentException if there is no such engine in this build
   */
  public static Store open(String name, Path directory, Map<String, String> settings) {
    for (StoreProvider provider : providers()) {
      if (provider.names().contains(name)) {
        return provider.open(name, directory, settings);
      }
    }
    throw new IllegalArgumentException(
        "no engine '%s' in this build, which has %s (RocksDB comes with ATLL_BASELINES=1)"
            .formatted(name, String.join(", ", names())));
  }

  private static List<StoreProvider> providers() {
    List<StoreProvider> all = new ArrayList<>(OWN);
    ServiceLoader.load(StoreProvider.class).forEach(all::add);
    return all;
  }
}
