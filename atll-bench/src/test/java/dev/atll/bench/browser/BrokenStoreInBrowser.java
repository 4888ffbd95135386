package dev.atll.bench.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Workers;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.observe.Observer;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is really broken, and what the page says of it; {@code mvn -Pbrowser test}. Skipped,
 * with a line that says so, where there is no Chromium.
 */
@Timeout(120)
final class BrokenStoreInBrowser {
  private static final long WAIT_MILLIS_MAX = 20_000;

  private static Chromium browser;
  @TempDir private Path directory;
  private final Env machine = Env.system();
  private DashboardServer server;
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    browser = Browsers.start("the page of a broken store");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void serve() throws IOException {
    server = DashboardServer.start(DashboardOptions.defaults());
    page = browser.newPage();
    page.resize(1400, 1000, 1, false);
    page.open(server.uri());
  }

  @AfterEach
  void close() {
    page.close();
    server.close();
    machine.workers().close();
  }

  private static Options options() {
    return Options.builder().durability(Durability.SYNC).build();
  }

  private AtllDb open(Env env) {
    Observer observer = Observer.none().withEvents(server.sink());
    return Atll.open(directory.resolve("store"), options(), observer, env);
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.UTF_8);
  }

  private void fill(AtllDb db) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 200; i++) {
      batch.put(key(i), new byte[200]);
    }
    db.write(batch);
    db.flush();
  }

  private void awaitText(String selector, String part) throws IOException {
    page.waitFor(
        "(document.querySelector('" + selector + "')?.textContent ?? '').includes('" + part + "')",
        WAIT_MILLIS_MAX);
  }

  private String text(String selector) throws IOException {
    return String.valueOf(
        page.evaluate("document.querySelector('" + selector + "')?.textContent ?? ''"));
  }

  private void awaitGauge(String name, String part) throws IOException {
    page.waitFor(
        "[...document.querySelectorAll('#health .gauge')].some(g =>"
            + " g.querySelector('span').textContent === '"
            + name
            + "' && g.querySelector('b').textContent.includes('"
            + part
            + "'))",
        WAIT_MILLIS_MAX);
  }

  @Test
  void damageIsShownWithItsPlace() throws IOException {
    try (AtllDb db = open(machine)) {
      fill(db);
    }
    Path table;
    try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
      table = files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    for (int at = 100; at < 164; at++) {
      bytes[at] ^= 0x55;
    }
    Files.write(table, bytes);
    try (AtllDb db = open(machine)) {
      assertThrows(
          CorruptionException.class,
          () -> {
            for (int i = 0; i < 200; i++) {
              db.get(key(i));
            }
          });
      awaitText("#banner", "Damage found in table file");
      assertTrue(text("#banner").contains("at byte"), text("#banner"));
      awaitText("#health .places", "Damage in table file");
      awaitGauge("Damage found", "times");
      awaitGauge("Writes", "taken");
      awaitText("#log", "Damage in table file");
    }
    assertEquals(List.of(), page.errors());
  }

  @Test
  void aFailedSyncIsShownWithItsCauseAndThenTheClosing() throws IOException {
    FaultFileSystem files = new FaultFileSystem(machine.files());
    AtllDb db = open(new Faulty(machine, files));
    try {
      fill(db);
      awaitText("#life", "live");
      files.add(FaultRule.from(OpKind.SYNC, 1, Fault.ioError()));
      assertThrows(AtllException.class, () -> db.put(key(1), new byte[1]));
      awaitText("#life", "refuses writes");
      String banner = text("#banner");
      assertTrue(banner.contains("refuses writes until it is opened again"), banner);
      assertTrue(banner.contains("forcing a file to the disk failed"), banner);
      awaitGauge("Writes", "refused");
      awaitText("#log", "The store refuses writes");
    } finally {
      files.clear();
      try {
        db.close();
      } catch (AtllException e) {
        // Closing tells of the failure once more.
        assertTrue(e.getMessage() != null);
      }
    }
    awaitText("#banner", "closed without a clean end");
    assertEquals(List.of(), page.errors());
  }

  @Test
  void snapshotsAndTheClosingAreShown() throws IOException {
    try (AtllDb db = open(machine)) {
      fill(db);
      try (Snapshot first = db.snapshot();
          Snapshot second = db.snapshot()) {
        assertEquals(first.revision(), second.revision());
        awaitGauge("Snapshots", "2 open, oldest");
      }
      awaitGauge("Snapshots", "none open");
    }
    awaitText("#life", "store closed");
    awaitText("#banner", "The store was closed");
    awaitGauge("Writes", "store closed");
    assertEquals(List.of(), page.errors());
  }

  /** The machine, but for its files. */
  private record Faulty(Env machine, FileSystem files) implements Env {
    @Override
    public Clock clock() {
      return machine.clock();
    }

    @Override
    public Workers workers() {
      return machine.workers();
    }

    @Override
    public RandomGenerator random(String stream) {
      return machine.random(stream);
    }
  }
}
