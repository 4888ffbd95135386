package dev.atll.torture;

import dev.atll.observe.Counter;
import dev.atll.observe.Gauge;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.MetricName;

/** A meter that counts nothing and passes {@link Trap.Point#METER} at each call. */
final class TrapMeter implements Meter {
  @Override
  public Counter counter(MetricName name, String... labelValues) {
    Trap.pass(Trap.Point.METER);
    return amount -> Trap.pass(Trap.Point.METER);
  }

  @Override
  public Gauge gauge(MetricName name, String... labelValues) {
    Trap.pass(Trap.Point.METER);
    return value -> Trap.pass(Trap.Point.METER);
  }

  @Override
  public Histogram histogram(MetricName name, String... labelValues) {
    Trap.pass(Trap.Point.METER);
    return value -> Trap.pass(Trap.Point.METER);
  }
}
