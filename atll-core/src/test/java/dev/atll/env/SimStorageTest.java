package dev.atll.env;

import dev.atll.env.sim.SimEnv;
import java.nio.file.Path;

class SimStorageTest extends StorageContract {
  private int count;

  @Override
  FileSystem fileSystem() {
    return new SimEnv(7).files();
  }

  @Override
  Path freshDirectory() {
    return Path.of("/sim/parent" + count, "store" + count++);
  }
}
