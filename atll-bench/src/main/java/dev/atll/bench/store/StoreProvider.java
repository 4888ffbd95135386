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

  /**
   * Settings with which an engine does well in a process of limited memory.
   *
   * @param name one of {@link #names()}
   * @param memoryBytes the limit for heap, native memory and page cache together
   * @param heapBytes the most of it that the heap takes
   * @return settings by name; none where the engine looks for itself
   */
  default Map<String, String> within(String name, long memoryBytes, long heapBytes) {
    return Map.of();
  }

  /**
   * JVM options without which an engine cannot be opened.
   *
   * @param name one of {@link #names()}
   */
  default List<String> jvmOptions(String name) {
    return List.of();
  }
}
