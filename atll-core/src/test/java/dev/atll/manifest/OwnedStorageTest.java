package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.atll.env.DirectoryLostException;
import dev.atll.env.Env;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each call that changes the directory, as the very first one after another store took it over: it is
 * refused and has changed nothing.
 */
class OwnedStorageTest {
  @TempDir Path temp;

  /** A call that changes files. */
  enum Change {
    CREATE {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.create("new").close();
      }
    },
    RENAME {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.rename("there", "elsewhere");
      }
    },
    SWITCH {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.rename("there", ManifestFormat.CURRENT);
      }
    },
    DELETE {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.delete("there");
      }
    },
    LINK {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.link("there", temp.resolve("linked"));
      }
    },
    SYNC_NAMES {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        storage.syncDirectory();
      }
    },
    SYNC_BYTES {
      @Override
      void make(OwnedStorage storage, FileOut open, Path temp) throws IOException {
        open.sync();
      }
    };

    abstract void make(OwnedStorage storage, FileOut open, Path temp) throws IOException;
  }

  private static void own(Storage storage, long manifest) throws IOException {
    storage.create(ManifestFormat.name(manifest)).close();
    CurrentFile.prepare(storage, manifest);
    CurrentFile.commit(storage);
  }

  private static Map<String, Long> files(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> list = Files.list(directory)) {
      for (Path file : list.toList()) {
        sizes.put(
            file.getFileName().toString(),
            Files.size(file) * 1_000_003 + Files.readString(file).hashCode());
      }
    }
    return sizes;
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void theFirstChangeAfterItIsLostIsRefused(Change change) throws IOException {
    Path directory = temp.resolve("s");
    AtomicInteger told = new AtomicInteger();
    try (Storage below = Env.system().files().open(directory, true);
        Storage other = Env.system().files().open(directory, false)) {
      OwnedStorage first = new OwnedStorage(below, lost -> told.incrementAndGet());
      own(first, 1);
      first.create("there").close();
      try (FileOut open = first.create("open")) {
        own(new OwnedStorage(other, lost -> {}), 2);
        Map<String, Long> before = files(directory);
        assertThrows(DirectoryLostException.class, () -> change.make(first, open, temp));
        assertEquals(before, files(directory));
        assertEquals(1, told.get());
      }
    }
  }

  @Test
  void anOwnerIsLeftInPeace() throws IOException {
    Path directory = temp.resolve("s");
    try (Storage below = Env.system().files().open(directory, true)) {
      OwnedStorage first = new OwnedStorage(below, lost -> {});
      own(first, 1);
      for (Change change : Change.values()) {
        if (change != Change.SWITCH) {
          first.create("there").close();
          try (FileOut open = first.create("open")) {
            change.make(first, open, temp);
          }
          for (String name : new String[] {"there", "open"}) {
            if (first.exists(name)) {
              first.delete(name);
            }
          }
        }
      }
    }
  }
}
