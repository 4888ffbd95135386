package dev.atll.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A bug to be planted: pieces of one source file and what to put in their place. A file with the
 * ending {@code .mutant}:
 *
 * <pre>
 *   what goes wrong, in a line or more
 *   file: dev/atll/wal/WalWriter.java
 *   tests: dev.atll.wal.WalWriterTest
 *   stages: cuts histories
 *   &lt;&lt;&lt;&lt;
 *   text that occurs exactly once
 *   ====
 *   text in its place
 *   &gt;&gt;&gt;&gt;
 * </pre>
 *
 * <p>Either of {@code tests} and {@code stages} may be left out. What a stage finds only in a
 * minute, and what no stage can find, is for a test.
 *
 * @param name of the file, without its ending
 * @param title the first line
 * @param file the source, below {@code src/main/java}
 * @param tests classes of tests, of which one must fail
 * @param stages which stages must find it, tried in this order
 * @param edits what is replaced by what
 */
record Mutant(
    String name,
    String title,
    String file,
    List<String> tests,
    List<String> stages,
    List<Edit> edits) {
  /** A piece of text and its replacement. */
  record Edit(String old, String replacement) {}

  /** All that lie in a directory, in the order of their names. */
  static List<Mutant> all(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.filter(f -> f.toString().endsWith(".mutant")).sorted().toList();
    }
    List<Mutant> mutants = new ArrayList<>();
    for (Path file : files) {
      mutants.add(read(file));
    }
    return mutants;
  }

  private static Mutant read(Path path) throws IOException {
    String name = path.getFileName().toString().replace(".mutant", "");
    List<String> lines = Files.readAllLines(path);
    String file = "";
    List<String> tests = List.of();
    List<String> stages = List.of();
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("file: ")) {
        file = line.substring(6).strip();
      } else if (line.startsWith("tests: ")) {
        tests = List.of(line.substring(7).strip().split(" +"));
      } else if (line.startsWith("stages: ")) {
        stages = List.of(line.substring(8).strip().split(" +"));
      } else if (line.equals("<<<<")) {
        int middle = lines.subList(i, lines.size()).indexOf("====") + i;
        int end = lines.subList(i, lines.size()).indexOf(">>>>") + i;
        if (middle <= i || end <= middle) {
          throw new IllegalArgumentException(path + ": an edit without its end at line " + i);
        }
        edits.add(
            new Edit(
                String.join("\n", lines.subList(i + 1, middle)),
                String.join("\n", lines.subList(middle + 1, end))));
        i = end;
      }
    }
    if (file.isEmpty() || (tests.isEmpty() && stages.isEmpty()) || edits.isEmpty()) {
      throw new IllegalArgumentException(path + ": needs file, tests or stages, and an edit");
    }
    return new Mutant(name, lines.getFirst(), file, tests, stages, edits);
  }

  /** The source with the bug in it. */
  String applyTo(String source) {
    String changed = source;
    for (Edit edit : edits) {
      int at = changed.indexOf(edit.old());
      if (at < 0 || changed.indexOf(edit.old(), at + 1) >= 0) {
        throw new IllegalArgumentException(
            "%s does not fit %s any more: this must occur exactly once:%n%s"
                .formatted(name, file, edit.old()));
      }
      changed =
          changed.substring(0, at)
              + edit.replacement()
              + changed.substring(at + edit.old().length());
    }
    return changed;
  }
}
