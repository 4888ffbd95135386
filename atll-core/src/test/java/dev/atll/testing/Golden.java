package dev.atll.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that are kept in files and compared; {@code -Drewrite=true} writes them anew. */
public final class Golden {
  private Golden() {}

  /** A file of this module's test resources. */
  public static Path resource(String name) {
    return module().resolve("src/test/resources").resolve(name);
  }

  /** A file of the project's specification. */
  public static Path context(String name) {
    Path root = module().getParent();
    assertTrue(root != null);
    return root.resolve("context").resolve(name);
  }

  private static Path module() {
    return Path.of(System.getProperty("atll.basedir", "")).toAbsolutePath();
  }

  /** Compares a whole file. */
  public static void check(Path file, String actual) {
    try {
      if (Boolean.getBoolean("rewrite")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertEquals(Files.readString(file), actual, file + ": if right, run with -Drewrite=true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compares the first fenced block behind a line of a document. */
  public static void checkBlock(Path document, String afterLine, String actual) {
    try {
      String text = Files.readString(document);
      int line = text.indexOf("\n" + afterLine + "\n");
      assertTrue(line >= 0, document + " has no line: " + afterLine);
      int start = text.indexOf("```\n", line) + 4;
      int end = text.indexOf("```\n", start);
      assertTrue(start > 3 && end >= 0, document + " has no block behind: " + afterLine);
      if (Boolean.getBoolean("rewrite")) {
        text = text.substring(0, start) + actual + text.substring(end);
        Files.writeString(document, text);
        end = start + actual.length();
      }
      assertEquals(
          text.substring(start, end), actual, document + ": if right, run with -Drewrite=true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
