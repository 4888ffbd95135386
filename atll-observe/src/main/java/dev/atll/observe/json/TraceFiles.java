package dev.atll.observe.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of a trace's parts within their folder. */
final class TraceFiles {
  private static final Pattern NAME = Pattern.compile("trace-([0-9]{6,9})\\.ndjson(?:\\.gz)?");

  private TraceFiles() {}

  static Path file(Path directory, long part) {
    return directory.resolve(String.format(Locale.ROOT, "trace-%06d.ndjson", part));
  }

  static long part(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static boolean isPlain(Path file) {
    return file.toString().endsWith(".ndjson");
  }

  /** The parts in a folder, oldest first; of one that is there gzipped as well, the plain file. */
  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> part(file) > 0)
          .filter(file -> isPlain(file) || !Files.exists(file(directory, part(file))))
          .sorted((a, b) -> Long.compare(part(a), part(b)))
          .toList();
    }
  }
}
