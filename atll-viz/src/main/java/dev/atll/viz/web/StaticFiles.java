package dev.atll.viz.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page's files, out of the jar. */
final class StaticFiles {
  private static final String ROOT = "/dev/atll/viz/page";

  // Segments begin with a letter or digit, so neither "." nor ".." nor an empty one is a segment.
  private static final Pattern PATH =
      Pattern.compile("(/[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9][A-Za-z0-9_-]*)*){1,6}");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  // Holds only paths that exist, so strangers cannot fill it.
  private final Map<String, StaticFile> loaded = new ConcurrentHashMap<>();

  /** A file's content; nobody changes the array. */
  @SuppressWarnings("ArrayRecordComponent")
  record StaticFile(String type, byte[] bytes) {}

  /**
   * Finds a file.
   *
   * @param path as requested, already decoded
   * @return the file, or null if there is none
   */
  @Nullable StaticFile find(String path) {
    StaticFile known = loaded.get(path);
    if (known != null) {
      return known;
    }
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || path.length() > 128 || !PATH.matcher(path).matches()) {
      return null;
    }
    try (InputStream in = StaticFiles.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        return null;
      }
      StaticFile file = new StaticFile(type, in.readAllBytes());
      loaded.put(path, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
