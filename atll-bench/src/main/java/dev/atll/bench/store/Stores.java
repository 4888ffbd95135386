package dev.atll.bench.store;

import dev.atll.Atll;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    return provider(name).open(name, directory, settings);
  }

  /**
   * Settings with which an engine does well in a process of limited memory.
   *
   * @param memoryBytes the limit for heap, native memory and page cache together
   * @param heapBytes the most of it that the heap takes
   * @throws IllegalArgumentException if there is no such engine in this build
   */
  public static Map<String, String> within(String name, long memoryBytes, long heapBytes) {
    return provider(name).within(name, memoryBytes, heapBytes);
  }

  /**
   * JVM options without which an engine cannot be opened.
   *
   * @throws IllegalArgumentException if there is no such engine in this build
   */
  public static List<String> jvmOptions(String name) {
    return provider(name).jvmOptions(name);
  }

  private static StoreProvider provider(String name) {
    for (StoreProvider provider : providers()) {
      if (provider.names().contains(name)) {
        return provider;
      }
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "no engine '%s' in this build, which has %s (RocksDB and LMDB come with ATLL_BASELINES=1)",
            name, String.join(", ", names())));
  }

  /**
   * Opens our own engine and lets it be observed.
   *
   * @param directory where its files go
   * @param settings settings of the engine by name
   * @param observer is told what it does
   * @param afterClose runs when the store is closed
   * @throws IllegalArgumentException if a setting is unknown or its value does not fit
   */
  public static Store openOwn(
      Path directory, Map<String, String> settings, Observer observer, Runnable afterClose) {
    return new AtllStore(
        "atll", directory, Atll.open(directory, AtllProvider.options(settings), observer), afterClose);
  }

  /**
   * Opens our own engine in an environment, such as a simulated one.
   *
   * @param directory where its files go
   * @param settings settings of the engine by name
   * @param env its files, time, threads and chance
   * @throws IllegalArgumentException if a setting is unknown or its value does not fit
   */
  public static Store openOwn(Path directory, Map<String, String> settings, Env env) {
    return new AtllStore(
        "atll",
        directory,
        Atll.open(directory, AtllProvider.options(settings), Observer.none(), env));
  }

  private static List<StoreProvider> providers() {
    List<StoreProvider> all = new ArrayList<>(OWN);
    ServiceLoader.load(StoreProvider.class).forEach(all::add);
    return all;
  }
}
