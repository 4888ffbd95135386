package dev.atll.bench.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of the Prometheus text format 0.0.4: names, escapes, numbers and types are
 * checked, samples of a family stand together below its type, and no series comes twice.
 */
final class PrometheusText {
  private static final Pattern META =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)(?: (-?\\d+))?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  /** One line of a scrape. */
  record Sample(String name, Map<String, String> labels, double value) {}

  private PrometheusText() {}

  static List<Sample> parse(String text) {
    List<Sample> samples = new ArrayList<>();
    Set<String> series = new HashSet<>();
    Set<String> families = new HashSet<>();
    String family = "";
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line does not end");
    }
    for (String line : text.split("\n")) {
      if (line.startsWith("#")) {
        Matcher meta = match(META, line);
        if (meta.group(1).equals("TYPE")) {
          family = meta.group(2);
          if (!TYPES.contains(meta.group(3)) || !families.add(family)) {
            throw new IllegalArgumentException(line);
          }
        }
      } else if (!line.isEmpty()) {
        Matcher matcher = match(SAMPLE, line);
        String name = matcher.group(1);
        Map<String, String> labels = labels(matcher.group(2));
        if (!name.startsWith(family) || family.isEmpty() || !series.add(name + labels)) {
          throw new IllegalArgumentException("out of place or twice: " + line);
        }
        samples.add(new Sample(name, labels, number(matcher.group(3))));
      }
    }
    return samples;
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    int at = 0;
    while (text != null && at < text.length()) {
      Matcher label = LABEL.matcher(text).region(at, text.length());
      if (!label.lookingAt() || labels.put(label.group(1), label.group(2)) != null) {
        throw new IllegalArgumentException("labels " + text);
      }
      at = label.end();
    }
    return labels;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Matcher match(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no line of the format: " + line);
    }
    return matcher;
  }
}
