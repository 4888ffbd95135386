package dev.atll.bench.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** All engines that this build can open. */
public final class Stores {
  private Stores() {}

  /** Their names, in the order of the class path. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      names.addAll(provider.names());
    }
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
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      if (provider.names().contains(name)) {
        return provider.open(name, directory, settings);
      }
    }
    throw new IllegalArgumentException(
        "no engine '%s' in this build, which has %s (RocksDB comes with -Pbaselines)"
            .formatted(name, String.join(", ", names())));
  }
}
