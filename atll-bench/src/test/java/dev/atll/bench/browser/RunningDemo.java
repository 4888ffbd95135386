package dev.atll.bench.browser;

import dev.atll.bench.demo.Demo;
import dev.atll.bench.demo.DemoOptions;
import dev.atll.bench.experiment.StopSignal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A demonstration that runs until it is closed. */
final class RunningDemo implements AutoCloseable {
  final URI controls;
  private final StopSignal stop = StopSignal.manual();
  private final CompletableFuture<Void> run = new CompletableFuture<>();
  private final HttpClient http = HttpClient.newHttpClient();

  RunningDemo(Path directory, @Nullable Path recording, @Nullable String beside) throws Exception {
    CompletableFuture<URI> serving = new CompletableFuture<>();
    DemoOptions options =
        new DemoOptions(
            directory.resolve("store"),
            "atll",
            List.of("leveled", "tiered", "lazy", "atll"),
            4_000,
            20_000,
            100,
            Duration.ofSeconds(3),
            null,
            0,
            false,
            recording,
            Map.of("memtableBytes", "256k", "slotBytes", "128k"),
            beside == null
                ? null
                : new DemoOptions.Beside(beside, directory.resolve("beside"), null));
    Demo demo =
        new Demo(options, stop, new PrintWriter(new StringWriter()), false, serving::complete);
    // A thread of its own: the common pool of a small machine has only one.
    Thread.ofPlatform()
        .name("running-demo")
        .start(
            () -> {
              try {
                demo.run();
                run.complete(null);
              } catch (Exception | Error e) {
                serving.completeExceptionally(e);
                run.completeExceptionally(e);
              }
            });
    controls = serving.get(60, TimeUnit.SECONDS);
  }

  /** The page without the right to use the controls. */
  URI page() {
    return controls.resolve("/");
  }

  /** The body of an answer. */
  String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(controls.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() throws Exception {
    stop.request();
    run.get(60, TimeUnit.SECONDS);
    http.close();
  }
}
