package dev.atll.bench.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the reference on the heap. A directory's contents last as long as the process, so that a
 * store can be closed and opened again.
 */
final class MemoryProvider implements StoreProvider {
  private final Map<Path, MemoryStore> stores = new ConcurrentHashMap<>();

  @Override
  public List<String> names() {
    return List.of("memory");
  }

  @Override
  public Store open(String name, Path directory, Map<String, String> settings) {
    if (!settings.isEmpty()) {
      throw new IllegalArgumentException("engine memory has no settings: " + settings.keySet());
    }
    return stores.computeIfAbsent(directory.toAbsolutePath(), path -> new MemoryStore());
  }
}
