package dev.atll;

import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.engine.Stores;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import java.nio.file.Path;

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
    return Stores.openOwning(directory, options, Env.system(), observer);
  }

  /**
   * Opens the store in a directory of a given environment, such as a simulation; the environment
   * stays the caller's to close.
   */
  public static AtllDb open(Path directory, Options options, Observer observer, Env env) {
    return Stores.open(directory, options, env, observer);
  }
}
