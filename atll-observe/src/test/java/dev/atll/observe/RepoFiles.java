package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the project's tree that tests read or keep true. */
public final class RepoFiles {
  private RepoFiles() {}

  /** The folder that holds {@code context/} and the modules. */
  public static Path root() {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      if (Files.isDirectory(dir.resolve("context")) || isParentPom(dir.resolve("pom.xml"))) {
        return dir;
      }
    }
    throw new IllegalStateException("run the tests inside the project's tree");
  }

  /** The text of a main source file of this module. */
  public static String mainSource(String packagePath, String fileName) {
    return read(mainSources().resolve(packagePath).resolve(fileName));
  }

  /** The root of this module's main sources. */
  public static Path mainSources() {
    return root().resolve("atll-observe/src/main/java");
  }

  /** Compares a generated text with its file in the tree, or writes it with -Drewrite=true. */
  public static void assertGolden(String relativePath, String expected) {
    Path file = root().resolve(relativePath);
    if (Boolean.getBoolean("rewrite")) {
      try {
        Files.createDirectories(file.getParent());
        Files.writeString(file, expected);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertEquals(
        expected,
        Files.exists(file) ? read(file) : "",
        relativePath + " is stale; mvn -pl atll-observe test -Drewrite=true");
  }

  private static boolean isParentPom(Path pom) {
    return Files.exists(pom) && read(pom).contains("<modules>");
  }

  /** The text of a file. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
