package dev.atll.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.atll.bench.demo.PrometheusText.Sample;
import dev.atll.bench.store.AtllStore;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.observe.EventSink;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Grafana dashboard asks for nothing that a store does not tell. */
final class GrafanaTest {
  private static final Pattern SELECTOR = Pattern.compile("(atll_[a-zA-Z0-9_:]*)(?:\\{([^}]*)\\})?");
  private static final Pattern EQUALS = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  @TempDir private Path dir;

  @Test
  void everySeriesOfTheDashboardIsInAScrape() throws Exception {
    List<Sample> scrape = PrometheusText.parse(scrape());
    assertTrue(scrape.size() > 20, scrape.size() + " samples");
    List<String> missing = new ArrayList<>();
    int selectors = 0;
    for (String expression : expressions()) {
      Matcher selector = SELECTOR.matcher(expression);
      while (selector.find()) {
        selectors++;
        if (scrape.stream().noneMatch(sample -> matches(sample, selector))) {
          missing.add(selector.group());
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(selectors > 15, selectors + " selectors");
  }

  // What a scraper adds itself is not in the scrape: job and instance are matched by patterns only.
  private static boolean matches(Sample sample, Matcher selector) {
    if (!sample.name().equals(selector.group(1))) {
      return false;
    }
    Matcher labels = EQUALS.matcher(selector.group(2) == null ? "" : selector.group(2));
    while (labels.find()) {
      if (!labels.group(2).equals(sample.labels().get(labels.group(1)))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> expressions() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("context/grafana/atll.json"))) {
      root = root.getParent();
    }
    Map<String, Object> dashboard =
        JSON.std.mapFrom(Files.readString(root.resolve("context/grafana/atll.json")));
    List<String> expressions = new ArrayList<>();
    for (Object panel : (List<?>) dashboard.get("panels")) {
      if (((Map<?, ?>) panel).get("targets") instanceof List<?> targets) {
        targets.forEach(
            target -> expressions.add(String.valueOf(((Map<?, ?>) target).get("expr"))));
      }
    }
    assertTrue(expressions.size() > 10, expressions.toString());
    return expressions;
  }

  private String scrape() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (DemoStore demo = new DemoStore(dir.resolve("store"), "atll", Map.of(), null, List.of())) {
      demo.watch(EventSink.none(), registry);
      AtllStore store = demo.store();
      String text = "";
      // Latencies are sampled, and the figures of the store are told a few times a second.
      for (int round = 0; round < 200 && !text.contains("op_latency_max_seconds{op=\"put"); round++) {
        for (int i = 0; i < 2_000; i++) {
          byte[] key = ("key" + i).getBytes(StandardCharsets.UTF_8);
          store.put(key, key);
          store.get(key);
        }
        store.scan("key".getBytes(StandardCharsets.UTF_8), null, 10, new ScanChecksum());
        store.db().delete("key1".getBytes(StandardCharsets.UTF_8));
        Thread.sleep(20);
        text = registry.scrape();
      }
      return text;
    }
  }

  @Test
  void theReaderIsStrict() {
    assertEquals(
        List.of(new Sample("a_total", Map.of("b", "c\\\"d"), 1)),
        PrometheusText.parse("# HELP a_total Help.\n# TYPE a_total counter\na_total{b=\"c\\\"d\"} 1\n"));
    for (String wrong :
        List.of(
            "a 1\n",
            "# TYPE a gauge\na 1",
            "# TYPE a gauge\na 1\na 2\n",
            "# TYPE a gauge\nb 1\n",
            "# TYPE a wrong\na 1\n",
            "# TYPE a gauge\na{b=c} 1\n",
            "# TYPE a gauge\na{b=\"c\",b=\"d\"} 1\n",
            "# TYPE a gauge\na one\n",
            "# TYPE a gauge\n9a 1\n")) {
      assertThrows(IllegalArgumentException.class, () -> PrometheusText.parse(wrong), wrong);
    }
  }
}
