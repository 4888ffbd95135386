package dev.atll.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.bench.demo.PrometheusText.Sample;
import dev.atll.observe.EventSink;
import dev.atll.observe.export.NameStyle;
import dev.atll.observe.Observer;
import dev.atll.observe.PromisedName;
import dev.atll.observe.PromisedNames;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.micrometer.AtllMetrics;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The names of the source design are in what Prometheus is given, over HTTP. */
final class ScrapeTest {
  @TempDir private Path dir;

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void promisedNamesAreInAScrape() throws Exception {
    StripedMeter meter = new StripedMeter();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Options options =
        Options.builder()
            .durability(Durability.OS)
            .memtableBytes(64 << 10)
            .walSegmentBytes(64 << 10)
            .slotBytes(32 << 10)
            .levelCount(3)
            .build();
    DashboardOptions dashboard = DashboardOptions.defaults().withMetrics(registry::scrape);
    try (AtllMetrics own = new AtllMetrics(meter, List.of());
        AtllMetrics promised = new AtllMetrics(meter, NameStyle.PROMISED, List.of());
        DashboardServer server = DashboardServer.start(dashboard);
        AtllDb db =
            Atll.open(dir.resolve("store"), options, new Observer(meter, EventSink.none()))) {
      own.bindTo(registry);
      promised.bindTo(registry);
      List<Sample> samples = List.of();
      Set<String> missing = Set.of("all");
      for (int round = 0; round < 30 && !missing.isEmpty(); round++) {
        for (int i = 0; i < 700; i++) {
          db.put(("key" + i).getBytes(StandardCharsets.UTF_8), new byte[100]);
        }
        db.flush();
        db.settle(Duration.ofSeconds(1));
        Thread.sleep(300);
        samples = PrometheusText.parse(fetch(server));
        missing = missing(samples);
      }
      assertEquals(Set.of(), missing);
      assertTrue(value(samples, "slot_K_current") >= 1, "K of a slot");
      assertTrue(value(samples, "wal_segment_count") >= 1, "log segments");
      assertTrue(value(samples, "wal_segments_deleted_total") >= 1, "segments deleted");
      assertTrue(value(samples, "wal_gc_latency_ms_total") >= 1, "rounds of collection");
    }
  }

  private static String fetch(DashboardServer server) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/metrics")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      return response.body();
    }
  }

  /** Prometheus knows no dots, and puts units and kinds behind names. */
  private static Set<String> missing(List<Sample> samples) {
    Set<String> missing = new TreeSet<>();
    for (PromisedName promised : PromisedNames.all()) {
      String name = promised.name().replace('.', '_');
      if (samples.stream().noneMatch(sample -> sample.name().startsWith(name))) {
        missing.add(promised.name());
      }
    }
    return missing;
  }

  private static double value(List<Sample> samples, String name) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .mapToDouble(Sample::value)
        .max()
        .orElse(Double.NaN);
  }
}
