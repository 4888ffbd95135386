package dev.atll.bench.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens stores by name; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {
  /** The names of the engines it can open. */
  List<String> names();

  /**
   * Opens a store.
   *
   * @param name one of {@link #names()}
   * @param directory where its files go; created if absent
   * @param settings settings of the engine by name, over its defaults
   * @return the open store
   * @throws IllegalArgumentException if a setting is unknown or its value does not fit
   */
  Store open(String name, Path directory, Map<String, String> settings);
}
