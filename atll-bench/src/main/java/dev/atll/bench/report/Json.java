package dev.atll.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Writes and reads reports. */
public final class Json {
  private static final JSON JSON_OUT =
      JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).with(JSON.Feature.WRITE_NULL_PROPERTIES);

  private Json() {}

  /**
   * Writes a report, whole or not at all.
   *
   * @param file replaced if present; its directory is created
   * @param report maps, lists, texts, numbers and booleans
   */
  public static void write(Path file, Map<String, Object> report) {
    try {
      Path absolute = file.toAbsolutePath();
      Path directory = absolute.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Path draft = absolute.resolveSibling(absolute.getFileName() + ".tmp");
      Files.writeString(draft, JSON_OUT.asString(report) + "\n");
      Files.move(draft, absolute, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a report back. */
  public static Map<String, Object> read(Path file) {
    try {
      return JSON.std.mapFrom(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
