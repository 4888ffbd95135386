package dev.atll.env;

import java.util.random.RandomGenerator;

/** An environment with other files: an overlay over those it has, say, or files that fail. */
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
