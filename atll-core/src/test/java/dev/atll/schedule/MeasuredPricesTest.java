package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Clock;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.ProbeTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** What a merged byte costs by what slices took, and a probe by what probes took. */
class MeasuredPricesTest {
  private static final UnitCosts OPTION = new UnitCosts(100, 600, 1_500, 1, 3);
  private static final int SLICE = 1 << 20;

  private final Ticks ticks = new Ticks();
  private final ProbeTimes probes = new ProbeTimes(ticks);

  /** A clock that goes on when it is told to. */
  private static final class Ticks implements Clock {
    private long nanos;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long currentTimeMillis() {
      return nanos / 1_000_000;
    }
  }

  private static MeasuredPrices prices() {
    return new MeasuredPrices(OPTION, 1 << 20, new ProbeTimes(new Ticks()), 64);
  }

  private void probe(int count, long nanosEach) {
    for (int i = 0; i < count; i++) {
      long began = probes.now();
      ticks.nanos += nanosEach;
      probes.add(began);
    }
  }

  private static MeasuredPrices measured(double nanosPerByte) {
    MeasuredPrices price = prices();
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
    MeasuredPrices price = measured(40);
    assertSame(OPTION, price.costs(true));
    assertEquals(40, perByte(price.costs(false)), 1e-6);
    assertSame(OPTION, price.costs(true), "tables are mapped again");
  }

  @Test
  void whoOnlyWatchesChangesNoPrice() {
    MeasuredPrices price = measured(40);
    assertSame(OPTION, price.inForce());
    assertSame(price.costs(false), price.inForce());
  }

  @Test
  void fewBytesSayNothing() {
    MeasuredPrices price = prices();
    price.learn(SLICE, SLICE * 40L);
    price.learn(0, 1_000_000);
    price.learn(SLICE, 0);
    assertSame(OPTION, price.costs(false));
  }

  @Test
  void noiseDoesNotMoveIt() {
    MeasuredPrices price = prices();
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
    MeasuredPrices price = measured(8);
    assertEquals(1_000 + 3 * 500, price.billed(1_000, 500), 1e-6);
    price.costs(false);
    assertEquals(1_000 + 3 * 500, price.billed(1_000, 500), 1e-6);
    assertEquals(2_500 + 2 * 1_000 + 6 * 500, price.billed(2_000, 1_000), 1e-6);
  }

  @Test
  void beyondMemoryAProbeCostsWhatItTook() {
    MeasuredPrices price = new MeasuredPrices(OPTION, 1 << 20, probes, 64);
    probe(4_000, 250);
    assertSame(OPTION, price.costs(false), "few probes say nothing");
    probe(4_000, 250);
    assertSame(OPTION, price.inForce(), "who only watches changes no price");
    UnitCosts costs = price.costs(false);
    assertEquals(new UnitCosts(250, 600, 1_500, 1, 3), costs);
    probe(1_000, 270);
    assertSame(costs, price.costs(false), "a little noise is none");
    assertSame(OPTION, price.costs(true), "tables are mapped");
    probe(100_000, 40);
    assertEquals(100, price.costs(false).probeNanos(), "never less than the option's");
  }

  @Test
  void interruptedProbesDoNotCount() {
    probe(10, 20_001);
    probe(10, 0);
    assertEquals(0, probes.probes());
    probe(10, 20_000);
    assertEquals(200_000, probes.nanos());
  }

  @Test
  void probesAreBilledAtThePriceOfTheirTime() {
    MeasuredPrices price = new MeasuredPrices(OPTION, 1 << 20, probes, 64);
    probe(8_000, 300);
    assertEquals(0, price.billedProbes());
    price.costs(false);
    probe(10, 300);
    assertEquals(10 * 64 * 200.0, price.billedProbes(), 1e-6);
    assertEquals(10 * 64 * 200.0, price.billedProbes(), 1e-6);
  }
}
