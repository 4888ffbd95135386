package dev.atll.env;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SystemStorageTest extends StorageContract {
  @TempDir private Path temp;
  private int count;

  @Override
  FileSystem fileSystem() {
    return Env.system().files();
  }

  @Override
  Path freshDirectory() {
    return temp.resolve("parent" + count).resolve("store" + count++);
  }
}
