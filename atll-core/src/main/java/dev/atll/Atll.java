package dev.atll;

import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.api.RepairReport;
import dev.atll.engine.Repair;
import dev.atll.engine.Stores;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The front door.
 *
 * {@snippet :
 * try (AtllDb db = Atll.open(Path.of("data"), Options.defaults())) {
 *   db.put("user:1".getBytes(UTF_8), "alice".getBytes(UTF_8));
 *   byte[] value = db.get("user:1".getBytes(UTF_8));
 * }
 * }
 */
public final class Atll {
  private Atll() {}

  /** Opens the store in a directory, making it if there is none, with default options. */
  public static AtllDb open(Path directory) {
    return open(directory, Options.defaults());
  }

  /**
   * Opens the store in a directory.
   *
   * @throws dev.atll.api.DirectoryInUseException if another store has the directory open
   * @throws dev.atll.api.NotAStoreException if the directory holds other files
   * @throws dev.atll.api.CorruptionException if something that was durable is damaged or missing
   * @throws dev.atll.api.UnsupportedFormatException if a newer version wrote it
   */
  public static AtllDb open(Path directory, Options options) {
    return open(directory, options, Observer.none());
  }

  /** Opens the store in a directory and tells an observer what it does. */
  public static AtllDb open(Path directory, Options options, Observer observer) {
    requireNonNull(directory, options);
    Objects.requireNonNull(observer, "observer");
    return Stores.openOwning(directory, options, Env.system(), observer);
  }

  /**
   * Opens the store in a directory of a given environment, such as a simulation; the environment
   * stays the caller's to close. For tests on the class path: the module keeps environments to itself.
   */
  @SuppressWarnings("exports")
  public static AtllDb open(Path directory, Options options, Observer observer, Env env) {
    requireNonNull(directory, options);
    Objects.requireNonNull(observer, "observer");
    Objects.requireNonNull(env, "env");
    return Stores.open(directory, options, env, observer);
  }

  /**
   * Opens the store in a directory to look at it: nothing there is written, renamed or deleted, and a
   * place that can only be read will do. What the log holds is read into memory; nothing runs in the
   * background. Calls that would change the store throw {@link dev.atll.api.InvalidInputException}.
   *
   * @param directory of a store that nobody has open for writing; other readers may
   * @param options of which those for writing mean nothing
   * @throws dev.atll.api.DirectoryInUseException if another store has the directory open
   * @throws dev.atll.api.NotAStoreException if there is no store
   * @throws dev.atll.api.CorruptionException if something that was durable is damaged or missing
   */
  public static AtllDb openReadOnly(Path directory, Options options) {
    requireNonNull(directory, options);
    return Stores.openReadOnly(directory, options, Env.system());
  }

  /**
   * Saves what is whole of a damaged store into a new one: the newest whole version of each key that
   * was not deleted. The damaged directory is not changed. Past revisions are not carried over, and
   * all writes are numbered anew.
   *
   * @param from directory of the damaged store, which nobody may have open
   * @param to a directory without a store, made if missing
   * @param options of the new store
   * @return what was saved, and exactly what was not
   * @throws dev.atll.api.DirectoryInUseException if either directory is open elsewhere
   * @throws dev.atll.api.NotAStoreException if there is nothing to repair, or {@code to} is taken
   */
  public static RepairReport repair(Path from, Path to, Options options) {
    requireNonNull(from, to, options);
    Env env = Env.system();
    try {
      return Repair.run(from, to, options, env);
    } finally {
      env.workers().close();
    }
  }

  /**
   * As {@link #repair(Path, Path, Options)}, in an environment of the caller's. For tests on the class
   * path: the module keeps environments to itself.
   */
  @SuppressWarnings("exports")
  public static RepairReport repair(Path from, Path to, Options options, Env env) {
    requireNonNull(from, to, options);
    Objects.requireNonNull(env, "env");
    return Repair.run(from, to, options, env);
  }

  private static void requireNonNull(Path from, Path to, Options options) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(options, "options");
  }

  private static void requireNonNull(Path directory, Options options) {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(options, "options");
  }
}
