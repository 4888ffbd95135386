package dev.atll.env;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The real world. */
final class SystemEnv implements Env {
  private final FileSystem files = new SystemFileSystem();
  private final Clock clock = new SystemClock();
  private final Workers workers;
  private final long seed = new SecureRandom().nextLong();

  SystemEnv(WorkerErrorHandler errors) {
    workers = new SystemWorkers(errors);
  }

  @Override
  public FileSystem files() {
    return files;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public RandomGenerator random(String stream) {
    // Two generators of one stream are equal, as in a simulation: code must not rely on more.
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + stream.hashCode());
  }

  @Override
  public long memoryBytes() {
    return SystemMemory.besidesHeap();
  }

  static final class SystemClock implements Clock {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
      return System.currentTimeMillis();
    }
  }
}
