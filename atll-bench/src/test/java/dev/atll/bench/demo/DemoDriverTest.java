package dev.atll.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.bench.store.AtllStore;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WorkloadEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDriverTest {
  private static final long KEYS = 2000;

  @TempDir private Path dir;

  /** Keeps what was emitted. */
  private static final class Kept implements EventSink {
    final ConcurrentLinkedQueue<VizEvent> events = new ConcurrentLinkedQueue<>();

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public void emit(VizEvent event) {
      events.add(event);
    }

    WorkloadEvent.PhaseStarted last() {
      return (WorkloadEvent.PhaseStarted) events.stream().reduce((a, b) -> b).orElseThrow();
    }
  }

  private static void runFor(DemoDriver driver, long nanos) {
    long until = System.nanoTime() + nanos;
    driver.run(() -> System.nanoTime() - until >= 0);
  }

  @Test
  void handlesDoWhatTheySay() {
    Kept kept = new Kept();
    Options options = Options.builder().durability(Durability.OS).build();
    try (AtllDb db = Atll.open(dir.resolve("store"), options);
        AtllStore store = new AtllStore("atll", dir, db)) {
      DemoDriver driver =
          new DemoDriver(
              List.of(store), kept, List.of("leveled", "atll"), KEYS, 40, 20_000, 50_000_000, 1);
      driver.load(() -> false, () -> {});
      assertEquals(KEYS, db.count(KeyRange.all()));

      runFor(driver, 400_000_000);
      // Eight periods of 50 ms: at least some of them were noticed, each with its own range.
      assertTrue(kept.events.size() >= 3, kept.events.toString());
      assertTrue(kept.events.stream().map(VizEvent::toString).distinct().count() >= 3);
      // Paced: never more than asked for, and not next to nothing.
      assertTrue(driver.done() > 800 && driver.done() <= 8200, "" + driver.done());

      driver.setHotRange(0.25, 0.5);
      runFor(driver, 120_000_000);
      assertEquals(0.25, kept.last().hotLowFraction());
      assertEquals(0.5, kept.last().hotHighFraction());
      assertEquals(0.25, driver.state().hotLowFraction());

      driver.setWorkload("reads-mostly");
      runFor(driver, 20_000_000);
      assertEquals("reads-mostly", kept.last().name().value());
      assertEquals("reads-mostly", driver.state().workload());

      driver.setPolicy("leveled");
      assertEquals("leveled", db.policy());
      assertEquals("leveled", driver.state().policy());
      assertThrows(IllegalArgumentException.class, () -> driver.setPolicy("none"));
      assertThrows(IllegalArgumentException.class, () -> driver.setWorkload("none"));

      driver.setRate(0);
      long before = driver.done();
      runFor(driver, 100_000_000);
      assertTrue(driver.done() - before > 500);

      driver.setRate(1);
      long puts = db.stats().puts();
      driver.burst();
      runFor(driver, 500_000_000);
      assertTrue(db.stats().puts() - puts > 1000, "a burst writes");
    }
  }
}
