package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing is made of more than eight things: what belongs together is handed over together, under a
 * name. Records that are rows of facts, read by the names of their components, are listed.
 */
class ConstructorsTest {
  private static final int ARGUMENTS_MAX = 8;

  /** Records with more components, by why they have them. */
  private static final Map<String, Set<String>> ROWS =
      Map.of(
          "events: their components are the fields of a trace, written down in events.md",
          Set.of(
              "CacheEvent.Measured", "Candidate", "CompactionEvent.Finished",
              "CompactionEvent.Scheduled", "DecisionEvent.Looked", "DecisionEvent.Made",
              "DecisionEvent.Rewarded", "EngineEvent.Opened", "FlushEvent.Completed", "LookRules",
              "OpStats", "RegretEvent.GainPredicted", "SlotEvent.Measured", "SlotShape",
              "StatsEvent.Measured"),
          "what is known of a store, a table, a run, a slot, a job",
          Set.of(
              "Stats", "TableInfo", "TableImage.Sections", "RunFacts", "SlotFacts", "JobPlan",
              "AdaptivityGain", "Version", "RewardBook.Line", "JobBoard.Ended"),
          "what a command, a study or a simulation is given, most of it by builders and options",
          Set.of(
              "ComparisonPlan", "DemoOptions", "DemoControls.State", "RunPlan", "Scale", "SimLoad",
              "SimSettings"),
          "what an experiment counted",
          Set.of("EngineRun.Cost", "Figures", "SimResult"));

  /** Classes of the simulator that are such rows with something that changes beside them. */
  private static final Set<String> CLASSES = Set.of("SimRun");

  private static final Pattern COMMENT =
      Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])'", Pattern.DOTALL);
  private static final Pattern RECORD = Pattern.compile("\\brecord (\\w+)(?:<[^>(]*>)?\\s*\\(");
  private static final Pattern TYPE = Pattern.compile("\\b(?:class|enum|record) (\\w+)");
  private static final Pattern BODY = Pattern.compile("\\s*(?:throws [\\w., ]+)?\\{");

  @Test
  void nothingIsMadeOfMoreThanEightThings() throws IOException {
    Set<String> wide = new TreeSet<>();
    for (String module : List.of("atll-observe", "atll-core", "atll-viz", "atll-bench")) {
      Path sources = EngineCode.rootDirectory().resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          wide.addAll(wide(name, Files.readString(file)));
        }
      }
    }
    Set<String> known = new TreeSet<>();
    ROWS.values().forEach(known::addAll);
    known.addAll(CLASSES);
    Set<String> gone = new TreeSet<>(known);
    gone.removeAll(wide);
    wide.removeAll(known);
    assertTrue(
        wide.isEmpty(),
        () ->
            wide + " take more than " + ARGUMENTS_MAX
                + " arguments; hand on what belongs together as a record with a good name");
    assertEquals(Set.of(), gone, "listed, and no longer as wide");
  }

  @Test
  void widthIsSeen() {
    String nine = "int a, Map<String, List<Long>> b, int c, int d, int e, int f, int g, int h, int i";
    String eight = nine.substring(0, nine.lastIndexOf(','));
    assertEquals(Set.of("A"), wide("A", "class A { A(" + nine + ") { } }"));
    assertEquals(Set.of("A"), wide("A", "class A { A(" + nine + ") throws X {} }"));
    assertEquals(Set.of("A.B"), wide("A", "class A { record B(" + nine + ") {} }"));
    assertEquals(Set.of("B"), wide("B", "record B<T>(" + nine + ") {}"));
    assertEquals(Set.of(), wide("A", "class A { A(" + eight + ") { } }"));
    assertEquals(Set.of(), wide("A", "class A { A() { b(1, 2, 3, 4, 5, 6, 7, 8, 9); } }"));
    assertEquals(Set.of(), wide("A", "class A { Object x = new A(1, 2, 3, 4, 5, 6, 7, 8, 9) { }; }"));
    assertEquals(Set.of(), wide("A", "class A { // A(" + nine + ") {\n }"));
  }

  /** Types of a file that take too much, nested ones with the name of the file before them. */
  private static Set<String> wide(String file, String source) {
    String plain = COMMENT.matcher(source).replaceAll(" ");
    Set<String> wide = new TreeSet<>();
    Matcher record = RECORD.matcher(plain);
    while (record.find()) {
      add(wide, file, record.group(1), arguments(plain, record.end()));
    }
    Set<String> types = new TreeSet<>();
    Matcher type = TYPE.matcher(plain);
    while (type.find()) {
      types.add(type.group(1));
    }
    for (String name : types) {
      Matcher made = Pattern.compile("(?<!new |record |[\\w.])" + name + "\\(").matcher(plain);
      while (made.find()) {
        List<String> arguments = arguments(plain, made.end());
        int end = made.end() + String.join(",", arguments).length() + 1;
        if (BODY.matcher(plain).region(Math.min(end, plain.length()), plain.length()).lookingAt()) {
          add(wide, file, name, arguments);
        }
      }
    }
    return wide;
  }

  private static void add(Set<String> wide, String file, String name, List<String> arguments) {
    if (arguments.size() > ARGUMENTS_MAX) {
      wide.add(name.equals(file) ? name : file + "." + name);
    }
  }

  /** The arguments up to the bracket that closes the one before {@code from}. */
  private static List<String> arguments(String text, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int begin = from;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '<' || c == '[' || c == '{') {
        depth++;
      } else if (depth == 0 && (c == ')' || c == ',')) {
        arguments.add(text.substring(begin, i));
        begin = i + 1;
        if (c == ')') {
          return arguments;
        }
      } else if (c == ')' || c == '>' || c == ']' || c == '}') {
        depth--;
      }
    }
    return arguments;
  }
}
