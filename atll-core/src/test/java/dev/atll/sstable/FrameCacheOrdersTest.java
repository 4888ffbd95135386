package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.testing.Interleavings;
import dev.atll.testing.Steps;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cache of frames under every order of its accesses to shared memory with up to two switches
 * between threads. Not by Lincheck, for which memory outside the heap has no steps.
 */
@Timeout(120)
class FrameCacheOrdersTest {
  @ParameterizedTest
  @CsvSource({
    "a reader of the block that goes, 2",
    "a reader of the block that comes, 2",
    "two that come at once, 2",
    "one block that comes twice, 2",
    "a block that goes and comes again under its reader, 2",
    "closing under a reader, 2",
    "closing under one that comes, 2",
    "two that come and a reader, 1"
  })
  void whatIsFoundIsWhatWasKept(String name, int switches) throws Exception {
    Interleavings.Scenario scenario =
        (Interleavings.Scenario)
            Steps.loader("dev.atll.sstable.FrameCache")
                .loadClass("dev.atll.sstable.FrameCacheRuns")
                .getMethod("named", String.class)
                .invoke(null, name);
    int orders = Interleavings.explore(scenario, switches);
    System.out.printf("%s: %,d orders, %s%n", name, orders, scenario);
    assertTrue(orders > 5, orders + " orders");
    if (name.contains("reader")) {
      assertEquals("found and missed", scenario.toString());
    }
  }
}
