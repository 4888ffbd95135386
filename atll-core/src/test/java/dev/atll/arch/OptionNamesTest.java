package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages and comments that tell a user to set an option name one that can be set. */
final class OptionNamesTest {
  private static final Pattern NAMED = Pattern.compile("Options\\.([a-z]\\w*)");

  @Test
  void everyOptionNamedInTheSourcesExists() throws IOException {
    Set<String> known =
        Stream.concat(
                Arrays.stream(Options.Builder.class.getMethods()),
                Arrays.stream(Options.class.getMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    Path root = Path.of(System.getProperty("atll.rootdir"));
    List<String> unknown = new ArrayList<>();
    int[] named = new int[1];
    for (String module : List.of("atll-core", "atll-viz", "atll-bench", "atll-observe")) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          if (Files.readString(file).contains("dev.atll.api")) {
            look(file, known, unknown, named);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(named[0] > 5, "nothing was found: " + named[0]);
  }

  private static void look(Path file, Set<String> known, List<String> unknown, int[] named)
      throws IOException {
    int line = 0;
    for (String text : Files.readAllLines(file)) {
      line++;
      Matcher found = NAMED.matcher(text);
      while (found.find()) {
        boolean other = found.start() > 0 && Character.isJavaIdentifierPart(text.charAt(found.start() - 1));
        if (!other && !found.group(1).equals("class")) {
          named[0]++;
          if (!known.contains(found.group(1))) {
            unknown.add(file.getFileName() + ":" + line + ": " + found.group());
          }
        }
      }
    }
  }
}
