package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.OwnershipLostException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.api.WriteRefusedException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.OverlayFileSystem;
import dev.atll.env.SyncFailureException;
import dev.atll.observe.Observer;
import dev.atll.observe.event.DurabilityMode;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.Label;
import java.nio.file.Path;
import java.util.List;

/** Makes stores. */
public final class Stores {
  private static final int FORMAT_VERSION = 1;

  // Loaded before there is need: a process without descriptors left cannot load what tells it so.
  static final List<Class<?>> FAILURES =
      List.of(
          OwnershipLostException.class,
          StoreFailedException.class,
          StorageIoException.class,
          StorageFullException.class,
          StoreClosedException.class,
          WriteRefusedException.class,
          CorruptionException.class,
          DirectoryLostException.class,
          OutOfSpaceException.class,
          SyncFailureException.class,
          PoisonNews.class,
          StoreFiles.class,
          EngineEvent.Poisoned.class,
          EngineEvent.Closed.class);

  private Stores() {}

  /** Opens a store that closes the environment with itself. */
  public static AtllDb openOwning(
      Path directory, Options options, Env env, Observer observer) {
    try {
      return open(directory, options, env, true, false, observer);
    } catch (Throwable e) {
      env.workers().close();
      throw e;
    }
  }

  /** Opens a store in an environment of the caller's. */
  public static AtllDb open(Path directory, Options options, Env env, Observer observer) {
    return open(directory, options, env, false, false, observer);
  }

  /** Opens a store for reading in an environment of its own: nothing in the directory is changed. */
  public static AtllDb openReadOnly(Path directory, Options options, Env env) {
    Options reading = options.toBuilder().createIfMissing(false).flushOnClose(false).build();
    try {
      Env overlay = new EnvWithFiles(env, new OverlayFileSystem(env.files()));
      return new ReadOnlyDb(open(directory, reading, overlay, true, true, Observer.none()));
    } catch (Throwable e) {
      env.workers().close();
      throw e;
    }
  }

  private static Engine open(
      Path directory,
      Options options,
      Env env,
      boolean ownsEnv,
      boolean readOnly,
      Observer observer) {
    StoreParts parts = new StoreParts(directory, options, env, ownsEnv, readOnly, observer);
    try {
      parts.log.opened(parts.options, parts.commits.visibleRevision(), FORMAT_VERSION);
      parts.events.run(() -> opened(parts));
      return new Engine(parts);
    } catch (Throwable e) {
      parts.close();
      throw e;
    }
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
