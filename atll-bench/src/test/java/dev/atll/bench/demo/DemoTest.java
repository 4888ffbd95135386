package dev.atll.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final List<String> POLICIES = List.of("leveled", "tiered", "lazy", "atll");

  private final StringWriter out = new StringWriter();
  @TempDir private Path dir;

  private DemoOptions options(Duration duration, int port, boolean anyPort) {
    return new DemoOptions(
        dir.resolve("store"),
        "atll",
        POLICIES,
        5000,
        4000,
        100,
        Duration.ofMillis(300),
        duration,
        port,
        anyPort,
        dir.resolve("recording"),
        Map.of("memtableBytes", "64k", "slotBytes", "32k"),
        null);
  }

  private Demo demo(DemoOptions options, StopSignal stop, CompletableFuture<URI> serving) {
    return new Demo(options, stop, new PrintWriter(out), false, serving::complete);
  }

  @Test
  void aDemoServesItsPageTakesItsControlsAndSumsUp() throws Exception {
    CompletableFuture<URI> serving = new CompletableFuture<>();
    StopSignal stop = StopSignal.manual();
    Demo demo = demo(options(Duration.ofSeconds(60), 0, false), stop, serving);
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runUnchecked(demo));
    URI page = serving.get(30, TimeUnit.SECONDS);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(page.resolve("/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      awaitLine("ops/s");
      awaitMetrics(client, page);
    }
    stop.request();
    run.get(30, TimeUnit.SECONDS);
    assertTrue(out.toString().contains("operations "), out.toString());
    assertTrue(out.toString().contains("write amplification"), out.toString());
    assertTrue(out.toString().contains(" 0 lost"), out.toString());
    try (Stream<Path> parts = Files.list(dir.resolve("recording"))) {
      String text = Files.readString(parts.findFirst().orElseThrow());
      assertTrue(text.contains("PhaseStarted") || text.contains("phase"), text);
    }
  }

  private void awaitMetrics(HttpClient client, URI page) throws Exception {
    HttpResponse<String> metrics =
        client.send(
            HttpRequest.newBuilder(page.resolve("/metrics")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, metrics.statusCode());
    assertTrue(metrics.body().contains("atll_"), metrics.body());
  }

  private void awaitLine(String part) throws InterruptedException {
    for (int i = 0; i < 300 && !out.toString().contains(part); i++) {
      Thread.sleep(50);
    }
    assertTrue(out.toString().contains(part), out.toString());
  }

  private static void runUnchecked(Demo demo) {
    try {
      demo.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTakenPortIsReplacedOnlyIfAnyWillDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Duration brief = Duration.ofMillis(200);
      CompletableFuture<URI> serving = new CompletableFuture<>();
      demo(options(brief, port, true), StopSignal.manual(), serving).run();
      assertTrue(serving.join().getPort() != port);
      Demo strict =
          new Demo(
              new DemoOptions(
                  dir.resolve("other"),
                  "lazy",
                  POLICIES,
                  1000,
                  100,
                  10,
                  brief,
                  brief,
                  port,
                  false,
                  null,
                  Map.of(),
                  null),
              StopSignal.manual(),
              new PrintWriter(out),
              false,
              uri -> {});
      assertThrows(UncheckedIOException.class, strict::run);
    }
  }

  @Test
  void theLoadVisitsEveryKeyOnce() {
    for (long keys : new long[] {1, 2, 7, 100, 1024, 4001}) {
      long stride = DemoDriver.strideFor(keys);
      Set<Long> seen = new HashSet<>();
      long index = 0;
      for (long i = 0; i < keys; i++) {
        assertTrue(seen.add(index), keys + ": " + index + " twice");
        index = (index + stride) % keys;
      }
    }
  }

  @Test
  void scenariosAreFoundByTheirNames() {
    for (String label : Scenario.labels()) {
      assertEquals(label, Scenario.labelled(label).label());
    }
    assertThrows(IllegalArgumentException.class, () -> Scenario.labelled("none"));
    assertEquals(1, Scenario.TOGETHER.hotSet().similarity(), 1e-9);
    assertTrue(Scenario.MOVING.hotSet().similarity() < 0.4);
  }
}
