package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that a plain reading of the sources can keep; each ban names its replacement. */
class TidyTest {
  private static final int FILE_LINES_MAX = 600;

  /** Longer files that would not be clearer in pieces, each with a ceiling of its own. */
  private static final Map<String, Integer> LONGER_FILES =
      // A setter and a getter per option, which only hold what OptionTable says.
      Map.of("atll-core/src/main/java/dev/atll/api/Options.java", 850);

  private static final Predicate<String> EVERYWHERE = path -> true;
  private static final Predicate<String> CORE_MAIN = path -> path.contains("atll-core/src/main/");

  /** A pattern that no line may contain, where it holds, and what to write instead. */
  private record Ban(String name, Pattern pattern, Predicate<String> where, String instead) {
    Ban(String name, String regex, Predicate<String> where, String instead) {
      this(name, Pattern.compile(regex), where, instead);
    }
  }

  // Patterns are written so that this file does not match itself.
  private static final List<Ban> BANS =
      List.of(
          new Ban(
              "printing", "System\\.(out|err)\\b|printStackTrace\\(\\)", CORE_MAIN,
              "an event through dev.atll.observe, or an exception"),
          new Ban(
              "unfinished", "\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b", EVERYWHERE,
              "the work itself, or a line in context/"),
          new Ban("wildcard import", "^import .*\\*;", EVERYWHERE, "one import a type"),
          new Ban("Unsafe", "\\b(sun\\.misc|jdk\\.internal)\\.", EVERYWHERE,
              "a VarHandle or a MemorySegment"),
          new Ban("tab", "\t", EVERYWHERE, "two blanks"),
          new Ban("trailing blanks", "[ \t]+$", EVERYWHERE, "nothing"),
          new Ban("switched-off test", "@Dis" + "abled\\b", EVERYWHERE, "a repaired test, or none"));

  @Test
  void sourcesAreTidy() throws IOException {
    Path root = EngineCode.rootDirectory();
    List<Path> files = sources(root);
    assertTrue(files.size() > 20, "found only " + files.size() + " sources below " + root);
    List<String> untidy = new ArrayList<>();
    for (Path file : files) {
      String name = root.relativize(file).toString().replace('\\', '/');
      untidy.addAll(untidy(name, Files.readAllLines(file)));
    }
    assertTrue(untidy.isEmpty(), () -> String.join("\n", untidy));
  }

  @Test
  void everyBanIsSeen() {
    String core = "atll-core/src/main/java/dev/atll/engine/Engine.java";
    String test = "atll-core/src/test/java/dev/atll/engine/EngineTest.java";
    assertEquals(1, untidy(core, List.of("    System.out.println(x);")).size());
    assertEquals(0, untidy(test, List.of("    System.out.println(x);")).size());
    assertEquals(1, untidy(test, List.of("// TO" + "DO later")).size());
    assertEquals(1, untidy(test, List.of("import java.util.*;")).size());
    assertEquals(0, untidy(test, List.of("  int product = a * b;")).size());
    assertEquals(1, untidy(core, List.of("import sun" + ".misc.Unsafe;")).size());
    assertEquals(1, untidy(core, List.of("int a; ")).size());
    assertEquals(1, untidy(core, List.of("\tint a;")).size());
    assertEquals(1, untidy(test, List.of("  @Dis" + "abled(\"later\")")).size());
    assertEquals(0, untidy(core, Stream.generate(() -> "").limit(FILE_LINES_MAX).toList()).size());
    assertEquals(
        1, untidy(core, Stream.generate(() -> "").limit(FILE_LINES_MAX + 1).toList()).size());
    assertFalse(untidy(core, List.of("import a.*;")).getFirst().isBlank());
  }

  private static final Pattern SILENT_CATCH =
      Pattern.compile("catch \\([^)]*\\) \\{\\s*(return;\\s*|continue;\\s*)?}");

  /** What is caught and dropped says why nobody is told. */
  @Test
  void noFailureIsDroppedWithoutAWord() throws IOException {
    Path root = EngineCode.rootDirectory();
    List<String> silent = new ArrayList<>();
    for (Path file : sources(root)) {
      String name = root.relativize(file).toString().replace('\\', '/');
      if (name.contains("/src/main/") && SILENT_CATCH.matcher(Files.readString(file)).find()) {
        silent.add(name);
      }
    }
    assertEquals(List.of(), silent);
    assertTrue(SILENT_CATCH.matcher("} catch (IOException e) {\n  }").find());
    assertFalse(SILENT_CATCH.matcher("} catch (IOException e) {\n // Why.\n  }").find());
  }

  private static List<String> untidy(String file, List<String> lines) {
    List<String> untidy = new ArrayList<>();
    int linesMax = LONGER_FILES.getOrDefault(file, FILE_LINES_MAX);
    if (lines.size() > linesMax) {
      untidy.add(
          file + ": " + lines.size() + " lines; not more than " + linesMax
              + ", but a file for each thing it does");
    }
    for (int i = 0; i < lines.size(); i++) {
      for (Ban ban : BANS) {
        if (ban.where().test(file) && ban.pattern().matcher(lines.get(i)).find()) {
          untidy.add(file + ":" + (i + 1) + ": no " + ban.name() + ", but " + ban.instead());
        }
      }
    }
    return untidy;
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      List<Path> trees = modules.map(m -> m.resolve("src")).filter(Files::isDirectory).toList();
      for (Path src : trees) {
        try (Stream<Path> files = Files.walk(src)) {
          files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(sources::add);
        }
      }
    }
    return sources;
  }
}
