package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** What a merged byte costs by what slices took. */
class MergePriceTest {
  private static final UnitCosts OPTION = new UnitCosts(100, 600, 1_500, 1, 3);
  private static final int SLICE = 1 << 20;

  private static MergePrice measured(double nanosPerByte) {
    MergePrice price = new MergePrice(OPTION, 1 << 20);
    for (int i = 0; i < 64; i++) {
      price.learn(SLICE, (long) (SLICE * nanosPerByte));
    }
    return price;
  }

  private static double perByte(UnitCosts costs) {
    return costs.readByteNanos() + costs.writeByteNanos();
  }

  @Property
  void beyondMemoryAByteCostsWhatItTook(@ForAll @DoubleRange(min = 0.1, max = 1_000) double nanos) {
    UnitCosts costs = measured(nanos).costs(false);
    double expected = Math.max(4, nanos);
    assertEquals(expected, perByte(costs), 0.25 * expected + 1e-6);
    assertEquals(3, costs.writeByteNanos() / costs.readByteNanos(), 1e-9, "in the option's ratio");
    assertEquals(OPTION.blockReadNanos(), costs.blockReadNanos());
  }

  @Test
  void inMemoryTheOptionCounts() {
    MergePrice price = measured(40);
    assertSame(OPTION, price.costs(true));
    assertEquals(40, perByte(price.costs(false)), 1e-6);
    assertSame(OPTION, price.costs(true), "tables are mapped again");
  }

  @Test
  void whoOnlyWatchesChangesNoPrice() {
    MergePrice price = measured(40);
    assertSame(OPTION, price.inForce());
    assertSame(price.costs(false), price.inForce());
  }

  @Test
  void fewBytesSayNothing() {
    MergePrice price = new MergePrice(OPTION, 1 << 20);
    price.learn(SLICE, SLICE * 40L);
    price.learn(0, 1_000_000);
    price.learn(SLICE, 0);
    assertSame(OPTION, price.costs(false));
  }

  @Test
  void noiseDoesNotMoveIt() {
    MergePrice price = new MergePrice(OPTION, 1 << 20);
    SplittableRandom random = new SplittableRandom(3);
    List<UnitCosts> seen = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      price.learn(SLICE, (long) (SLICE * random.nextDouble(5, 15)));
      UnitCosts now = price.costs(false);
      if (seen.isEmpty() || !seen.getLast().equals(now)) {
        seen.add(now);
      }
    }
    assertTrue(seen.size() <= 3, seen::toString);
    // The device became four times as slow.
    for (int i = 0; i < 64; i++) {
      price.learn(SLICE, SLICE * 40L);
    }
    assertEquals(40, perByte(price.costs(false)), 10);
  }

  @Test
  void theBillIsNotWrittenAnew() {
    MergePrice price = measured(8);
    assertEquals(1_000 + 3 * 500, price.billed(1_000, 500), 1e-6);
    price.costs(false);
    assertEquals(1_000 + 3 * 500, price.billed(1_000, 500), 1e-6);
    assertEquals(2_500 + 2 * 1_000 + 6 * 500, price.billed(2_000, 1_000), 1e-6);
  }
}
