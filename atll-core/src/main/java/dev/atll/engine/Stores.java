package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import dev.atll.observe.event.DurabilityMode;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.Label;
import java.nio.file.Path;

/** Makes stores. */
public final class Stores {
  private static final int FORMAT_VERSION = 1;

  private Stores() {}

  /** Opens a store that closes the environment with itself. */
  public static AtllDb openOwning(
      Path directory, Options options, Env env, Observer observer) {
    try {
      return open(directory, options, env, true, observer);
    } catch (RuntimeException | Error e) {
      env.workers().close();
      throw e;
    }
  }

  /** Opens a store in an environment of the caller's. */
  public static AtllDb open(Path directory, Options options, Env env, Observer observer) {
    return open(directory, options, env, false, observer);
  }

  private static AtllDb open(
      Path directory, Options options, Env env, boolean ownsEnv, Observer observer) {
    StoreParts parts = new StoreParts(directory, options, env, ownsEnv, observer);
    parts.log.opened(options, parts.commits.visibleRevision(), FORMAT_VERSION);
    parts.events.run(() -> opened(parts));
    return new Engine(parts);
  }

  private static void opened(StoreParts parts) {
    Options options = parts.options;
    parts.events.emit(
        new EngineEvent.Opened(
            parts.clock.nanoTime(),
            parts.clock.currentTimeMillis(),
            FORMAT_VERSION,
            Label.of(parts.scheduler.policy().name()),
            DurabilityMode.valueOf(options.durability().name()),
            options.fanout(),
            options.levelCount(),
            options.memtableBytes(),
            options.slotBytes(),
            options.levelZeroMax(),
            options.blockCacheBytes(),
            options.compactionJobs(),
            parts.commits.visibleRevision()));
  }
}
