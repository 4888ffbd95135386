package dev.atll.bench.browser;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A headless browser process with a profile of its own, deleted when it is closed. Safe for one
 * thread; pages may be used by one thread each.
 */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--no-default-browser-check",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-extensions",
          "--disable-sync",
          "--hide-scrollbars",
          "--mute-audio",
          "--remote-debugging-port=0");
  private static final long START_MILLIS_MAX = 30_000;

  /** The browser's socket lies among its temporary files, 45 bytes on, and its path has 107 at most. */
  private static final int TEMPORARY_LENGTH_MAX = 62;

  /** In the profile, a link to that socket, which has a directory of its own. */
  private static final String SOCKET = "SingletonSocket";

  private final Process process;
  private final Path profile;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Page> pages = new ArrayList<>();

  private Chromium(Process process, Path profile, int port) {
    this.process = process;
    this.profile = profile;
    this.port = port;
  }

  /**
   * Looks for a browser: the file that the environment variable {@code ATLL_CHROMIUM} names, or
   * the first of the usual names on the search path.
   *
   * @return the program, or nothing if there is none
   */
  public static Optional<Path> find() {
    String named = System.getenv("ATLL_CHROMIUM");
    if (named != null && !named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    String path = System.getenv("PATH");
    for (String directory : path == null ? new String[0] : path.split(":", -1)) {
      for (String name : NAMES) {
        Path file = Path.of(directory, name);
        if (Files.isExecutable(file) && !Files.isDirectory(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Starts a browser.
   *
   * @param program what {@link #find} gave
   * @param flags more of its command line
   * @return the running browser
   * @throws IOException if it does not start within half a minute
   */
  public static Chromium start(Path program, String... flags) throws IOException {
    Path profile = Files.createTempDirectory("atll-chromium-");
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(FLAGS);
    command.addAll(List.of(flags));
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // It does not delete all of them, and those of the JVM may be in another place.
    String temporary = System.getProperty("java.io.tmpdir");
    if (temporary.length() <= TEMPORARY_LENGTH_MAX) {
      builder.environment().put("TMPDIR", temporary);
    }
    Process process = builder.start();
    try {
      return new Chromium(process, profile, awaitPort(process, profile));
    } catch (IOException e) {
      process.destroyForcibly();
      deleteTree(profile);
      throw e;
    }
  }

  private static int awaitPort(Process process, Path profile) throws IOException {
    Path told = profile.resolve("DevToolsActivePort");
    long endNanos = System.nanoTime() + START_MILLIS_MAX * 1_000_000;
    while (System.nanoTime() < endNanos && process.isAlive()) {
      if (Files.exists(told)) {
        List<String> lines = Files.readAllLines(told);
        if (lines.size() >= 2) {
          return Integer.parseInt(lines.getFirst());
        }
      }
      pause();
    }
    throw new IOException(
        process.isAlive()
            ? "the browser did not open its port within " + START_MILLIS_MAX + " ms"
            : "the browser ended at once with code " + process.exitValue());
  }

  /**
   * Opens an empty page.
   *
   * @return the page; closing the browser closes it
   * @throws IOException if the browser does not answer
   */
  public Page newPage() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .timeout(Duration.ofSeconds(10))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Map<String, Object> target = JSON.std.mapFrom(body);
      String socket = String.valueOf(target.get("webSocketDebuggerUrl"));
      Page page = new Page(DevTools.connect(http, URI.create(socket)));
      pages.add(page);
      return page;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a page was opened", e);
    }
  }

  /** Ends the process and deletes its profile. */
  @Override
  public void close() {
    pages.forEach(Page::close);
    http.shutdownNow();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    deleteSocket();
    for (int i = 0; i < 50 && !deleteTree(profile); i++) {
      pause();
    }
  }

  /** Which a browser that is killed leaves behind. */
  private void deleteSocket() {
    try {
      Path directory = Files.readSymbolicLink(profile.resolve(SOCKET)).getParent();
      if (directory != null && directory.getFileName().toString().startsWith("org.chromium.")) {
        deleteTree(directory);
      }
    } catch (IOException e) {
      // There is no such link: it has ended in order.
    }
  }

  // Helpers of the browser may still write for a moment: what cannot be deleted is tried again.
  private static boolean deleteTree(Path path) {
    try {
      if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
          for (Path entry : entries) {
            deleteTree(entry);
          }
        }
      }
      Files.deleteIfExists(path);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
