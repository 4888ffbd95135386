package dev.atll.bench.micro;

import com.sun.management.ThreadMXBean;
import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.observe.EventBus;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.Label;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One process that measures gets under all settings and prints what each costs against another. The
 * settings take turns of about a millisecond, each on a store of its own with the same content: what
 * other users of the machine do to the process they do to all settings alike. Processor time is
 * counted, since the time on the wall is theirs as well.
 */
final class GetFork {
  static final int KEYS = 300_000;
  private static final int GETS_A_TURN = 2_000;

  /** How the store is watched. */
  enum Setting {
    /** As little as can be: no meter, no events, one get in 65,536 measured. */
    QUIET(0, 65_536),
    /** No meter, no events, one get in 64 measured for burdens: what a store does by default. */
    DEFAULT(1, 64),
    /** The same with a meter that keeps its numbers. */
    METERED(2, 64),
    /** The same with a meter and a bus of events that somebody consumes. */
    FULL(3, 64);

    /** Its column in the figures of a fork. */
    final int column;

    final int samplePeriod;

    Setting(int column, int samplePeriod) {
      this.column = column;
      this.samplePeriod = samplePeriod;
    }
  }

  /** Two settings whose ratio is printed, in the order of the output behind the nanoseconds. */
  record Pair(String what, Setting with, Setting without, double promised) {}

  static final List<Pair> PAIRS =
      List.of(
          new Pair("burdens measured, one get in 64", Setting.DEFAULT, Setting.QUIET, 1.02),
          new Pair("a meter besides", Setting.METERED, Setting.DEFAULT, 1.10),
          new Pair("a meter and events besides", Setting.FULL, Setting.DEFAULT, 1.10),
          new Pair("everything against nothing", Setting.FULL, Setting.QUIET, 1.10));

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[][] keys = new byte[1 << 16][];
  private int at;

  private GetFork() {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key((i * 0x9E3779B97F4A7C15L >>> 33) % KEYS);
    }
  }

  /** Arguments: milliseconds of processor time to warm up, turns, a directory for each setting. */
  public static void main(String[] args) {
    long warmUpNanos = Long.parseLong(args[0]) * 1_000_000;
    int turns = Integer.parseInt(args[1]);
    List<AtllDb> stores = new ArrayList<>();
    try (EventBus bus = new EventBus()) {
      bus.start();
      bus.subscribe(1 << 12, event -> {});
      for (Setting setting : Setting.values()) {
        Path directory = Path.of(args[2 + setting.column]);
        stores.add(Atll.open(directory, options(setting.samplePeriod), observer(setting, bus)));
      }
      for (AtllDb store : stores) {
        // Compactions on the way would be measured with the gets.
        store.settle(Duration.ofMinutes(1));
      }
      new GetFork().measure(stores, warmUpNanos, turns);
    } finally {
      stores.forEach(AtllDb::close);
    }
  }

  private static Observer observer(Setting setting, EventBus bus) {
    return switch (setting) {
      case QUIET, DEFAULT -> Observer.none();
      case METERED -> new Observer(new StripedMeter(), EventSink.none());
      case FULL -> new Observer(new StripedMeter(), bus.source(Label.of("engine")));
    };
  }

  private static byte[] key(long number) {
    // Scattered, so that neighbours in time are none in the store.
    return ByteBuffer.allocate(16).putLong(number * 0x9E3779B97F4A7C15L).putLong(number).array();
  }

  private static Options options(int samplePeriod) {
    return Options.builder()
        .memtableBytes(2 << 20)
        .durability(Durability.OS)
        .readSamplePeriod(samplePeriod)
        .build();
  }

  /** Makes a store to read: several levels, nothing in memory. */
  static void load(Path directory) {
    try (AtllDb db = Atll.open(directory, options(64))) {
      byte[] value = new byte[100];
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i), value);
      }
      db.settle(Duration.ofMinutes(2));
    }
  }

  private void measure(List<AtllDb> stores, long warmUpNanos, int turns) {
    long end = threads.getCurrentThreadCpuTime() + warmUpNanos;
    while (threads.getCurrentThreadCpuTime() < end) {
      for (AtllDb store : stores) {
        turn(store, at);
      }
      at += GETS_A_TURN;
    }
    double[][] nanos = new double[stores.size()][turns];
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
    Random random = new Random(turns);
    for (int t = 0; t < turns; t++) {
      Collections.shuffle(order, random);
      for (int s : order) {
        long began = threads.getCurrentThreadCpuTime();
        turn(stores.get(s), at);
        nanos[s][t] = (threads.getCurrentThreadCpuTime() - began) / (double) GETS_A_TURN;
      }
      at += GETS_A_TURN;
    }
    StringBuilder line = new StringBuilder();
    for (double[] each : nanos) {
      line.append(String.format(Locale.ROOT, "%.2f ", median(each)));
    }
    for (Pair pair : PAIRS) {
      double[] ratios = new double[turns];
      for (int t = 0; t < turns; t++) {
        ratios[t] = nanos[pair.with().column][t] / nanos[pair.without().column][t];
      }
      line.append(String.format(Locale.ROOT, "%.5f ", median(ratios)));
    }
    System.out.println(line);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The same keys for every setting. */
  private void turn(AtllDb store, int from) {
    for (int i = 0; i < GETS_A_TURN; i++) {
      if (store.get(keys[from + i & keys.length - 1]) == null) {
        throw new IllegalStateException("a key is missing");
      }
    }
  }
}
