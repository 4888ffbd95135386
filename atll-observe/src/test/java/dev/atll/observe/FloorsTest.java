package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package of this module may know which. */
class FloorsTest {
  // The last is what the two metrics backends share.
  private static final List<String> ADAPTERS = List.of("json", "micrometer", "otel", "jfr", "export");
  private static final Pattern OURS =
      Pattern.compile("import (?:static )?dev\\.atll\\.([a-z.]+)\\.");

  @Test
  void adaptersSeeTheInterfaceAndNeverEachOther() throws IOException {
    int seen = 0;
    for (String adapter : ADAPTERS) {
      for (Path file : sources("dev/atll/observe/" + adapter)) {
        Matcher imports = OURS.matcher(RepoFiles.read(file));
        while (imports.find()) {
          seen++;
          String imported = imports.group(1);
          assertTrue(
              List.of("observe", "observe.event", "observe.export", "observe." + adapter)
                  .contains(imported),
              file + " imports dev.atll." + imported);
        }
      }
    }
    assertTrue(seen > 50, "imports were found");
  }

  @Test
  void interfaceAndEventsKnowNoLibrary() throws IOException {
    for (String floor : List.of("dev/atll/observe", "dev/atll/observe/event")) {
      for (Path file : sources(floor)) {
        String source = RepoFiles.read(file);
        assertFalse(source.contains("io.micrometer") || source.contains("io.opentelemetry"));
        assertFalse(source.contains("jdk.jfr"), file.toString());
        for (String adapter : ADAPTERS) {
          assertFalse(source.contains("import dev.atll.observe." + adapter), file.toString());
        }
        assertFalse(source.contains("import dev.atll.observe.export"), file.toString());
      }
    }
    for (Path file : sources("dev/atll/observe/event")) {
      assertFalse(
          RepoFiles.read(file).contains("import dev.atll"), file + " knows more than itself");
    }
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.list(RepoFiles.mainSources().resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
