package dev.atll.bench.experiment;

import dev.atll.bench.store.Store;
import java.nio.file.Path;
import java.util.Map;

/** Opens stores; {@code Stores::open}, or a test's own. */
@FunctionalInterface
public interface StoreOpener {
  /**
   * Opens a store, new or as it was left.
   *
   * @param engine which engine
   * @param directory where its files are
   * @param settings settings of the engine by name
   */
  Store open(String engine, Path directory, Map<String, String> settings);
}
