package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.observe.event.Longs;
import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpStatsSamplerTest {
  @Test
  void tellsOfTheIntervalOnly() {
    StripedMeter meter = new StripedMeter();
    Counter gets = meter.counter(Metrics.OPS, OpStatsSampler.label(OpKind.GET));
    Histogram latency = meter.histogram(Metrics.OP_LATENCY, "get");
    gets.add(1_000_000);
    latency.record(99_999);
    OpStatsSampler sampler = new OpStatsSampler(meter, 0);
    assertEquals(List.of(), sampler.sample(500_000_000));

    gets.add(100);
    latency.record(10);
    latency.record(20);
    meter.counter(Metrics.OPS, "scan").add(4);
    List<OpStats> ops = sampler.sample(1_000_000_000);
    assertEquals(
        List.of(
            new OpStats(OpKind.GET, 100, 200, 10, 20, 20, 20, 20, Longs.of(10, 1, 20, 1)),
            new OpStats(OpKind.SCAN, 4, 8, 0, 0, 0, 0, 0, Longs.empty())),
        ops);
  }
}
