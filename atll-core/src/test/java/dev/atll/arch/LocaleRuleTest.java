package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No code may write or read text by the user's language: {@code "%012d"} makes file names that no
 * other locale can read, and {@code toLowerCase()} turns I into a dotless i in Turkish.
 */
class LocaleRuleTest {
  private static final List<Pattern> FORBIDDEN =
      List.of(
          Pattern.compile("\\.formatted\\("),
          Pattern.compile("String(\\.|::)format\\b(?!\\(\\s*(java\\.util\\.)?Locale\\.ROOT)"),
          Pattern.compile("\\.(printf|format)\\(\\s*\""),
          Pattern.compile("(\\.|::)to(Lower|Upper)Case\\b(?!\\((java\\.util\\.)?Locale\\.ROOT|\\([^)])"),
          Pattern.compile("\\b(DecimalFormat|NumberFormat|MessageFormat|SimpleDateFormat)\\b"),
          Pattern.compile("\\bofPattern\\(\\s*\"[^\"]*\"\\s*\\)"),
          Pattern.compile("new (java\\.util\\.)?(Formatter|Scanner)\\("));

  private static final List<String> HINTS =
      List.of("ormat", "printf", "erCase", "ofPattern", "Scanner");

  @Test
  void noMainCodeWritesByTheUsersLanguage() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String module : List.of("atll-observe", "atll-core", "atll-viz", "atll-bench")) {
      Path sources = EngineCode.rootDirectory().resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          violations(Files.readString(file)).forEach(found -> wrong.add(file + ": " + found));
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> "use Locale.ROOT:\n" + String.join("\n", wrong));
  }

  @Test
  void forbiddenCallsAreSeen() {
    assertEquals(1, violations("\"%d\".formatted(1)").size());
    assertEquals(2, violations("String.format(\"%d\", 1)").size());
    assertEquals(1, violations("map(String::format)").size());
    assertEquals(1, violations("map(String::toLowerCase)").size());
    assertEquals(1, violations("name.toUpperCase()").size());
    assertEquals(1, violations("out.printf(\n  \"%d\", 1)").size());
    assertEquals(1, violations("new DecimalFormat(\"0\")").size());
    assertEquals(0, violations("String.format(\n  Locale.ROOT, \"%d\", 1)").size());
    assertEquals(0, violations("name.toUpperCase(Locale.ROOT)").size());
    assertEquals(0, violations("Character.toUpperCase(c)").size());
  }

  private static List<String> violations(String source) {
    List<String> found = new ArrayList<>();
    // Few files have any of these words, and looking for words is ten times as fast.
    if (HINTS.stream().noneMatch(source::contains)) {
      return found;
    }
    for (Pattern pattern : FORBIDDEN) {
      Matcher matcher = pattern.matcher(source);
      while (matcher.find()) {
        long line = source.substring(0, matcher.start()).lines().count();
        found.add("line " + Math.max(1, line) + ": " + matcher.group());
      }
    }
    return found;
  }
}
