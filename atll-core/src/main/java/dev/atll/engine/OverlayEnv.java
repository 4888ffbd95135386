package dev.atll.engine;

import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.OverlayFileSystem;
import dev.atll.env.Workers;
import java.util.random.RandomGenerator;

/** An environment whose files are only read. */
record OverlayEnv(Env below, FileSystem files) implements Env {
  OverlayEnv(Env below) {
    this(below, new OverlayFileSystem(below.files()));
  }

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
