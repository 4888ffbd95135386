package dev.atll.bench.demo;

import dev.atll.bench.store.AtllStore;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.workload.HotRange;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.Random64;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.Values;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.WorkloadEvent;
import dev.atll.viz.web.DemoControls;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Drives one or more stores with the same operations at a set pace on one thread, while others turn its
 * handles. Each operation is done on all stores before the next begins, so they are always in step,
 * and a store that holds up its writer holds up the others' as well. Every {@code periodNanos} the hot ranges jump, unless the scenario rests or somebody has placed them by hand.
 */
final class DemoDriver implements DemoControls {
  /** The highest pace that can be set. */
  static final double RATE_MAX = 200_000;

  private static final long TICK_NANOS = 1_000_000;
  private static final int BURST_OPS = 50_000;
  private static final int BURST_OPS_PER_TICK = 200;
  private static final int UNPACED_OPS_PER_TICK = 500;
  private static final double BACKLOG_SECONDS = 0.1;
  private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;

  private final List<AtllStore> stores;
  private final EventSink events;
  private final List<String> policies;
  private final long keys;
  private final KeySpace space;
  private final long periodNanos;
  private final Random64 random;
  private final byte[] key = new byte[KeySpace.KEY_BYTES];
  private final byte[] value;
  private final ScanChecksum checksum = new ScanChecksum();
  private final AtomicLong burst = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  final Recorder reads = new Recorder(LATENCY_NANOS_MAX, 2);
  final Recorder writes = new Recorder(LATENCY_NANOS_MAX, 2);
  private volatile Scenario scenario;
  private volatile double rate;
  private volatile @Nullable HotRange placed;
  private volatile HotRange hotReads;
  // Touched by the driving thread only.
  private HotRange hotWrites;
  private ShiftingHotSet hotSet;
  private long version;
  private int phase;
  private @Nullable Scenario shownScenario;
  private @Nullable HotRange shownPlace;
  private long shownPeriod = -1;

  /**
   * A driver at rest.
   *
   * @param stores driven until {@link #run} ends, at least one; the first one's latencies are kept
   * @param events is told of each phase
   * @param policies what can be chosen
   * @param keys how many keys there are
   * @param valueBytes length of each value
   * @param rate operations a second at first; 0 for as fast as it goes
   * @param periodNanos how long the hot ranges stay
   */
  DemoDriver(
      List<AtllStore> stores,
      EventSink events,
      List<String> policies,
      long keys,
      int valueBytes,
      double rate,
      long periodNanos,
      long seed) {
    this.stores = List.copyOf(stores);
    this.events = events;
    this.policies = policies;
    this.keys = keys;
    this.space = KeySpace.spread(keys);
    this.value = new byte[valueBytes];
    this.rate = rate;
    this.periodNanos = periodNanos;
    this.random = new Random64(seed);
    this.scenario = Scenario.MOVING;
    this.hotSet = scenario.hotSet();
    this.hotReads = hotSet.reads(0);
    this.hotWrites = hotSet.writes(0);
  }

  /** Operations done so far, the load left out. */
  long done() {
    return done.get();
  }

  /** Writes every key once, in a scattered order, and calls a listener now and then. */
  void load(BooleanSupplier stop, Runnable progress) {
    // A stride that shares no factor with the number of keys visits each of them once.
    long stride = strideFor(keys);
    long index = 0;
    for (long i = 0; i < keys && !stop.getAsBoolean(); i++) {
      write(index);
      index = (index + stride) % keys;
      if ((i & 0x3fff) == 0) {
        progress.run();
      }
    }
  }

  /** A number near the golden section of {@code keys} without a common factor. */
  static long strideFor(long keys) {
    long stride = Math.max(1, (long) (keys * 0.618));
    while (greatestCommonDivisor(stride, keys) != 1) {
      stride++;
    }
    return stride;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  /** Drives until told to stop. */
  void run(BooleanSupplier stop) {
    long began = System.nanoTime();
    long last = began;
    double owed = 0;
    while (!stop.getAsBoolean()) {
      long now = System.nanoTime();
      moveHotRanges(now - began);
      double pace = rate;
      if (pace <= 0) {
        operate(UNPACED_OPS_PER_TICK);
      } else {
        owed = Math.min(pace * BACKLOG_SECONDS, owed + (now - last) * 1e-9 * pace);
        int due = (int) owed;
        owed -= due;
        operate(due);
      }
      last = now;
      operateBurst();
      if (pace > 0) {
        LockSupport.parkNanos(this, TICK_NANOS - (System.nanoTime() - now));
      }
    }
  }

  private void operate(int count) {
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() >= hotSet.readShare()) {
        timedWrite(hotWrites.draw(random, keys));
      } else {
        long index = hotReads.draw(random, keys);
        space.write(index, key);
        if (random.nextDouble() < hotSet.scanShare()) {
          for (AtllStore store : stores) {
            store.scan(key, null, hotSet.scanEntries(), checksum);
          }
        } else {
          timedGet();
        }
      }
    }
    done.addAndGet(count);
  }

  private void operateBurst() {
    int count = (int) Math.min(BURST_OPS_PER_TICK, burst.get());
    for (int i = 0; i < count; i++) {
      timedWrite(hotWrites.draw(random, keys));
    }
    if (count > 0) {
      burst.addAndGet(-count);
      done.addAndGet(count);
    }
  }

  // Scans are another kind of thing: the percentiles shown are those of gets.
  private void timedGet() {
    for (int i = 0; i < stores.size(); i++) {
      long from = System.nanoTime();
      stores.get(i).get(key);
      if (i == 0) {
        reads.recordValue(Math.min(LATENCY_NANOS_MAX, System.nanoTime() - from));
      }
    }
  }

  private void timedWrite(long index) {
    fill(index);
    for (int i = 0; i < stores.size(); i++) {
      long from = System.nanoTime();
      stores.get(i).put(key, value);
      if (i == 0) {
        writes.recordValue(Math.min(LATENCY_NANOS_MAX, System.nanoTime() - from));
      }
    }
  }

  private void write(long index) {
    fill(index);
    for (AtllStore store : stores) {
      store.put(key, value);
    }
  }

  private void fill(long index) {
    space.write(index, key);
    Values.write(index, version++, value);
  }

  private void moveHotRanges(long elapsedNanos) {
    Scenario current = scenario;
    HotRange place = placed;
    long period = current.moves() && place == null ? elapsedNanos / periodNanos : 0;
    if (current == shownScenario && Objects.equals(place, shownPlace) && period == shownPeriod) {
      return;
    }
    shownScenario = current;
    shownPlace = place;
    shownPeriod = period;
    hotSet = current.hotSet();
    HotRange readsNow = place == null ? hotSet.reads(period) : place;
    hotReads = readsNow;
    hotWrites = readsNow.at(readsNow.low() + (1 - hotSet.overlap()) * readsNow.width());
    phase++;
    if (events.enabled()) {
      events.emit(
          new WorkloadEvent.PhaseStarted(
              System.nanoTime(),
              phase,
              Label.of(current.label()),
              hotSet.readShare(),
              readsNow.low(),
              Math.min(1, readsNow.low() + readsNow.width()),
              readsNow.share(),
              rate));
    }
  }

  @Override
  public State state() {
    HotRange range = hotReads;
    return new State(
        true,
        policies,
        stores.getFirst().db().policy(),
        Scenario.labels(),
        scenario.label(),
        range.low(),
        Math.min(1, range.low() + range.width()),
        rate,
        RATE_MAX);
  }

  @Override
  public void setPolicy(String policy) {
    if (!policies.contains(policy)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no policy '%s'; there are %s",
              policy, String.join(", ", policies)));
    }
    stores.getFirst().db().policy(policy);
  }

  @Override
  public void setWorkload(String workload) {
    Scenario chosen = Scenario.labelled(workload);
    placed = null;
    scenario = chosen;
  }

  @Override
  public void setHotRange(double lowFraction, double highFraction) {
    double width = Math.clamp(highFraction - lowFraction, 0.001, 0.45);
    placed = new HotRange(lowFraction, width, scenario.hotSet().hotShare());
  }

  @Override
  public void setRate(double opsPerSecond) {
    rate = opsPerSecond;
  }

  @Override
  public void burst() {
    burst.addAndGet(BURST_OPS);
  }
}
