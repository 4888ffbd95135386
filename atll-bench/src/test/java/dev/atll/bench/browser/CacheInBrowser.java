package dev.atll.bench.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.observe.Observer;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page shows of the caches of a real store, beyond memory and within; {@code mvn -Pbrowser
 * test}. Skipped, with a line that says so, where there is no Chromium.
 */
@Timeout(120)
final class CacheInBrowser {
  private static final long WAIT_MILLIS_MAX = 20_000;
  private static final int KEYS = 20_000;

  /** A file for a picture of the page, to be looked at; none by default. */
  private static final String PICTURE = System.getProperty("atll.picture", "");

  private static Chromium browser;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    browser = Browsers.start("the page of a store beyond memory");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static byte[] key(int i) {
    // Over the whole key space, so that the slots are to be seen.
    return ByteBuffer.allocate(4).putInt((int) ((long) i * 0xFFFF_FFFFL / KEYS)).array();
  }

  private AtllDb filled(DashboardServer server, long memory) {
    Options options =
        Options.builder()
            .durability(Durability.OS)
            .memtableBytes(256 << 10)
            .slotBytes(256 << 10)
            .blockCacheBytes(0)
            .tableMemoryBytes(memory)
            .build();
    AtllDb db = Atll.open(directory, options, Observer.none().withEvents(server.sink()));
    for (int i = 0; i < KEYS; i++) {
      db.put(key(i * 7919 % KEYS), new byte[200]);
    }
    db.compact(KeyRange.all());
    db.settle(Duration.ofSeconds(20));
    return db;
  }

  private static String gauge(String name) {
    return "[...document.querySelectorAll('#health .gauge')].find(g =>"
        + " g.querySelector('span').textContent === '" + name + "')?.querySelector('b').textContent";
  }

  /** Looks at slot after slot until one says something. */
  private static String anySlotSays(String what) {
    return "(() => { const c = document.querySelector('#tree-canvas'); c.focus();"
        + " for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown'])"
        + " c.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));"
        + " return document.querySelector('#slot').textContent.includes('" + what + "'); })()";
  }

  @Test
  void aStoreBeyondMemoryShowsWhereItsCacheHelps() throws IOException {
    try (DashboardServer server = DashboardServer.start(DashboardOptions.defaults());
        Page page = browser.newPage();
        AtllDb db = filled(server, 2 << 20)) {
      page.resize(1400, 1000, 1, false);
      page.open(server.uri());
      // The first keys are hot; of the others a few are asked.
      for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 200; i++) {
          db.get(key(i));
          db.get(key((round * 200 + i) * 31 % KEYS));
        }
      }
      page.waitFor("!document.querySelector('#key-hits').hidden", WAIT_MILLIS_MAX);
      page.waitFor("(" + gauge("Tables are read") + " ?? '').includes('block by block')", WAIT_MILLIS_MAX);
      page.waitFor("(" + gauge("Tables") + " ?? '').includes(' for 2.00 MiB')", WAIT_MILLIS_MAX);
      page.waitFor(
          "parseInt(" + gauge("Cache of that memory") + ") >= 20", WAIT_MILLIS_MAX);
      page.waitFor(anySlotSays("block by block"), WAIT_MILLIS_MAX);
      page.waitFor(anySlotSays("found in cache"), WAIT_MILLIS_MAX);
      if (!PICTURE.isEmpty()) {
        page.screenshot(Path.of(PICTURE), true);
      }
      assertEquals(List.of(), page.errors());
    }
  }

  @Test
  void aStoreInMemoryShowsNoCache() throws IOException {
    try (DashboardServer server = DashboardServer.start(DashboardOptions.defaults());
        Page page = browser.newPage();
        AtllDb db = filled(server, 1 << 30)) {
      page.open(server.uri());
      page.waitFor("document.querySelector('#tree-empty')?.hidden", WAIT_MILLIS_MAX);
      for (int i = 0; i < KEYS; i++) {
        db.get(key(i));
      }
      assertTrue(db.stats().cache().mapped());
      assertEquals(true, page.evaluate("document.querySelector('#key-hits').hidden"));
      assertEquals("–", page.evaluate(gauge("Tables")));
      assertEquals(List.of(), page.errors());
    }
  }
}
