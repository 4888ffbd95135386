package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What a block costs by what was counted. */
class BlockPricesTest {
  private static final long DEVICE = 100_000;

  @Property
  void aRunWithManyReadsCostsItsShareOfMissesTimesTheDevice(
      @ForAll @LongRange(min = 10_000, max = 1_000_000) long asked,
      @ForAll @LongRange(min = 0, max = 100) long percent,
      @ForAll @LongRange(min = 1_000, max = 10_000_000) long nanos) {
    double truth = percent / 100.0 * nanos;
    long price = new BlockPrices().price(asked, asked * percent / 100, nanos);
    assertEquals(truth, price, 0.15 * truth + 1, "steps of a fifth, and the prior");
  }

  @Test
  void aNewRunCostsWhatOthersDo() {
    BlockPrices prices = new BlockPrices();
    for (int i = 0; i < 200; i++) {
      prices.price(1_000, 500, DEVICE);
    }
    assertEquals(0.5 * DEVICE, prices.price(0, 0, 0), 0.15 * 0.5 * DEVICE);
    // Its own few reads move it a little.
    assertTrue(prices.price(8, 0, 0) < prices.price(0, 0, 0));
    assertTrue(prices.price(8, 0, 0) > 0.25 * DEVICE);
  }

  @Test
  void nothingIsPaidWhereNothingIsMissed() {
    BlockPrices prices = new BlockPrices();
    assertEquals(0, prices.price(0, 0, 0));
    assertEquals(0, prices.price(1_000, 0, DEVICE));
    assertEquals(0, prices.billed(0));
  }

  @Property
  void stepsStayNearTheNumberAndAreFew(
      @ForAll @LongRange(min = 0, max = 1L << 40) long nanos) {
    // All blocks missed, and so many that the prior weighs nothing.
    long price = new BlockPrices().price(1L << 20, 1L << 20, nanos);
    assertEquals(nanos, price, 0.13 * nanos + 1);
    assertTrue(price < 8 || Long.bitCount(price >> Long.numberOfTrailingZeros(price)) <= 3);
  }

  @Test
  void theBillGrowsByMissesAtTheLastPrice() {
    BlockPrices prices = new BlockPrices();
    prices.price(1_000, 1_000, DEVICE);
    assertEquals(10.0 * DEVICE, prices.billed(10), 1);
    assertEquals(10.0 * DEVICE, prices.billed(10), 1);
    assertEquals(25.0 * DEVICE, prices.billed(25), 1);
  }
}
