package dev.atll.testing;

import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Workers;
import java.util.random.RandomGenerator;

/** An environment with other files: those that fail, say. */
public record EnvWithFiles(Env below, FileSystem files) implements Env {
  @Override
  public Clock clock() {
    return below.clock();
  }

  @Override
  public Workers workers() {
    return below.workers();
  }

  @Override
  public RandomGenerator random(String stream) {
    return below.random(stream);
  }

  @Override
  public long memoryBytes() {
    return below.memoryBytes();
  }
}
