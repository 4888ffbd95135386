package dev.atll.env;

import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.TraceFileSystem;
import dev.atll.env.sim.SimEnv;
import java.nio.file.Path;

/** Wrappers that have nothing to do change nothing. */
class TracedFaultyStorageTest extends StorageContract {
  private int count;

  @Override
  FileSystem fileSystem() {
    return new TraceFileSystem(new FaultFileSystem(new SimEnv(8).files()), event -> {});
  }

  @Override
  Path freshDirectory() {
    return Path.of("/sim/parent" + count, "store" + count++);
  }
}
