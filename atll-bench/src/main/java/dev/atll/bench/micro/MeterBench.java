package dev.atll.bench.micro;

import dev.atll.observe.Counter;
import dev.atll.observe.Histogram;
import dev.atll.observe.Metrics;
import dev.atll.observe.StripedMeter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What a meter costs those who count: a counter and a histogram, by one thread and by two. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MeterBench {
  private final StripedMeter meter = new StripedMeter();
  private final Counter counter = meter.counter(Metrics.WAL_BYTES);
  private final Histogram histogram = meter.histogram(Metrics.OP_LATENCY, "get");

  /** Values as latencies are: of all sizes. One for each thread. */
  @State(Scope.Thread)
  public static class Values {
    private long state = 0x9E3779B97F4A7C15L;

    long next() {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      return state & (1L << (10 + (state >>> 60))) - 1;
    }
  }

  /** One addition. */
  @Benchmark
  @Threads(1)
  public void count() {
    counter.add(1);
  }

  /** One addition, while another thread adds too. */
  @Benchmark
  @Threads(2)
  public void countByTwo() {
    counter.add(1);
  }

  /** One observation, the making of its value included. */
  @Benchmark
  @Threads(1)
  public void observe(Values values) {
    histogram.record(values.next());
  }

  /** One observation, while another thread observes too. */
  @Benchmark
  @Threads(2)
  public void observeByTwo(Values values) {
    histogram.record(values.next());
  }
}
