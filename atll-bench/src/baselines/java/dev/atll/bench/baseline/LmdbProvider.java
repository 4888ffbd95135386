package dev.atll.bench.baseline;

import dev.atll.base.Quantities;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Opens LMDB, a B+ tree in one mapped file. Each put or batch is a transaction, and none is synced.
 * Pages are read without the kernel's read-ahead.
 *
 * <p>The process may be killed at any time, as with the other peers and their logs without sync. A
 * loss of power is worse here: LMDB has no log and no checksums, and unless the file system writes
 * in the order of the writes the whole store may be lost, not only its newest entries.
 *
 * <p>Setting: {@code mapBytes}, address space for the file, which grows within it (1 TiB). There is
 * nothing to set for little memory: all caching is the kernel's.
 */
public final class LmdbProvider implements StoreProvider {
  private static final String NAME = "lmdb";
  private static final String MAP_BYTES = "mapBytes";
  // Address space alone; neither the file nor memory is taken before it is used.
  private static final long MAP_BYTES_DEFAULT = 1L << 40;
  // The binding sets the address of direct buffers, by way of Unsafe.
  private static final List<String> JVM_OPTIONS =
      List.of(
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** For the service loader. */
  public LmdbProvider() {}

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /**
   * Opens a store.
   *
   * @throws IllegalStateException if this JVM was started without {@link #jvmOptions}
   */
  @Override
  public Store open(String name, Path directory, Map<String, String> settings) {
    for (String setting : settings.keySet()) {
      if (!setting.equals(MAP_BYTES)) {
        throw new IllegalArgumentException(
            "no setting '" + setting + "' for " + name + "; there is " + MAP_BYTES);
      }
    }
    Module base = Object.class.getModule();
    Module here = LmdbProvider.class.getModule();
    if (!base.isOpen("java.nio", here) || !base.isExported("sun.nio.ch", here)) {
      throw new IllegalStateException(
          "lmdb needs a JVM started with " + String.join(" ", JVM_OPTIONS));
    }
    String mapBytes = settings.get(MAP_BYTES);
    return new LmdbStore(
        name,
        directory,
        mapBytes == null ? MAP_BYTES_DEFAULT : Quantities.whole(mapBytes));
  }

  @Override
  public List<String> jvmOptions(String name) {
    return JVM_OPTIONS;
  }
}
