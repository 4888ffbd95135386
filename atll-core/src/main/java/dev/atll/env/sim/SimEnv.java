package dev.atll.env.sim;

import dev.atll.env.Env;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A world in memory that a seed determines: files, time, background work and chance.
 *
 * <p>For one thread. The same seed and the same calls give the same history, which {@link
 * #traceHash()} confirms. After a crash go on with {@code new SimEnv(seed, image)}.
 */
public final class SimEnv implements Env {
  // A day in 2024, so that deadlines and logs look ordinary; the seed moves it within a year.
  private static final long WALL_MILLIS = 1_718_000_000_000L;
  private static final long YEAR_MILLIS = 365L * 24 * 3600 * 1000;

  private final long seed;
  private final SimFileSystem files;
  private final SimWorkers workers;

  /** A world with no files yet. */
  public SimEnv(long seed) {
    this(seed, new SimFileSystem(startClock(seed)));
  }

  /**
   * A world over existing files, such as what a crash left, with their clock.
   *
   * @param seed for background work and chance; may be that of the world before
   */
  public SimEnv(long seed, SimFileSystem files) {
    this.seed = seed;
    this.files = files;
    this.workers = new SimWorkers(files.clock(), random("workers"));
  }

  private static SimClock startClock(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5EED_C10CL);
    // Negative for half the seeds, as System.nanoTime() may be.
    return new SimClock(random.nextLong() >> 16, WALL_MILLIS + random.nextLong(YEAR_MILLIS));
  }

  @Override
  public SimFileSystem files() {
    return files;
  }

  @Override
  public SimClock clock() {
    return files.clock();
  }

  @Override
  public SimWorkers workers() {
    return workers;
  }

  @Override
  public RandomGenerator random(String stream) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + stream.hashCode());
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** A hash of all file operations and all choices of background work so far, in their order. */
  public long traceHash() {
    return files.traceHash() * 31 + workers.traceHash();
  }
}
