package dev.atll.env;

import java.util.random.RandomGenerator;

/**
 * Everything the engine wants from the world outside: files, time, background threads, chance.
 *
 * <p>Safe for use by many threads, except that a simulated one belongs to one thread.
 */
public interface Env {
  /** The files. Always the same object. */
  FileSystem files();

  /** The time. Always the same object. */
  Clock clock();

  /** The background threads. Always the same object; whoever made this environment closes it. */
  Workers workers();

  /**
   * A new source of random numbers for one use.
   *
   * @param stream what it is for, such as {@code "memtable"}; in a simulation the same seed and the
   *     same stream give the same numbers, whatever other streams are drawn from
   * @return a generator for use by one thread at a time
   */
  RandomGenerator random(String stream);

  /**
   * Memory that this process may use besides its heap, in bytes, as far as the machine, or the
   * container it runs in, tells. A simulation has as much as anybody wants.
   */
  default long memoryBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * The real world: disk, system clock, daemon threads, and a seed that differs each time.
   *
   * @return a new environment, whose workers are its own
   */
  static Env system() {
    return new SystemEnv(WorkerErrorHandler.REMEMBER);
  }
}
