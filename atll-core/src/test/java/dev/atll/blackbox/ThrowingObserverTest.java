package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Counter;
import dev.atll.observe.EventSink;
import dev.atll.observe.Gauge;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.MetricName;
import dev.atll.observe.Observer;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.VizEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever watches a store may fail in every way: the store does its work and loses nothing. */
@Timeout(60)
class ThrowingObserverTest {
  private static final int KEYS = 800;
  private static final Path DIRECTORY = Path.of("/db");

  /** What a viewer may throw. */
  enum Thrown {
    EXCEPTION(() -> new IllegalStateException("viewer died")),
    NO_MEMORY(() -> new OutOfMemoryError("simulated")),
    NO_STACK(StackOverflowError::new),
    NO_CLASS(() -> new NoClassDefFoundError("viewer/Gone"));

    private final Supplier<Throwable> make;

    Thrown(Supplier<Throwable> make) {
      this.make = make;
    }

    void throwIt() {
      switch (make.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .levelCount(3)
        .memtableBytes(32 << 10)
        .slotBytes(16 << 10)
        .spaceReserveBytes(0)
        .build();
  }

  private static EventSink sink(Consumer<VizEvent> each) {
    return new EventSink() {
      @Override
      public boolean enabled() {
        return true;
      }

      @Override
      public boolean wantsDetail() {
        return true;
      }

      @Override
      public void emit(VizEvent event) {
        each.accept(event);
      }
    };
  }

  /** Fills, flushes, merges and closes a store under watch, then looks at it with nobody watching. */
  private static void live(Observer observer) {
    SimEnv env = new SimEnv(7);
    try (AtllDb db = Atll.open(DIRECTORY, options(), observer, env)) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < KEYS; i++) {
          db.put(Content.key(i), Content.value(i, 100));
        }
        db.flush();
      }
      db.policy("leveled");
      db.compact(KeyRange.all());
      assertTrue(db.settle(Duration.ofMinutes(10)), "background work goes on");
      assertTrue(db.stats().compactions() > 0);
      check(db);
    }
    try (AtllDb db = Atll.open(DIRECTORY, options(), Observer.none(), env)) {
      check(db);
      db.verify();
    }
  }

  private static void check(AtllDb db) {
    for (int i = 0; i < KEYS; i++) {
      assertArrayEquals(Content.value(i, 100), db.get(Content.key(i)));
    }
    assertEquals(KEYS, db.count(KeyRange.all()));
  }

  @ParameterizedTest
  @EnumSource
  void everyEventThrows(Thrown thrown) {
    Set<String> seen = new TreeSet<>();
    live(
        Observer.none()
            .withEvents(
                sink(
                    event -> {
                      seen.add(event.getClass().getName());
                      thrown.throwIt();
                    })));
    assertTrue(seen.contains(CompactionEvent.Finished.class.getName()), seen::toString);
  }

  @ParameterizedTest
  @EnumSource
  void theReportOfAnInstalledMergeThrows(Thrown thrown) {
    live(
        Observer.none()
            .withEvents(
                sink(
                    event -> {
                      if (event instanceof CompactionEvent.Finished finished
                          && finished.outcome() == Outcome.INSTALLED) {
                        thrown.throwIt();
                      }
                    })));
  }

  @ParameterizedTest
  @EnumSource
  void askingWhetherSomebodyWatchesThrows(Thrown thrown) {
    live(
        Observer.none()
            .withEvents(
                new EventSink() {
                  @Override
                  public boolean enabled() {
                    thrown.throwIt();
                    return true;
                  }

                  @Override
                  public boolean wantsDetail() {
                    thrown.throwIt();
                    return true;
                  }

                  @Override
                  public void emit(VizEvent event) {
                    thrown.throwIt();
                  }
                }));
  }

  /** A meter that is not ready yet: the store opens all the same, and counts once it is. */
  @Test
  void askingForAMeterThrowsForAWhile() {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger counted = new AtomicInteger();
    Meter meter =
        new Meter() {
          private void ask() {
            if (asked.incrementAndGet() < 60) {
              Thrown.NO_CLASS.throwIt();
            }
          }

          @Override
          public Counter counter(MetricName name, String... labelValues) {
            ask();
            return amount -> counted.incrementAndGet();
          }

          @Override
          public Gauge gauge(MetricName name, String... labelValues) {
            ask();
            return value -> counted.incrementAndGet();
          }

          @Override
          public Histogram histogram(MetricName name, String... labelValues) {
            ask();
            return value -> counted.incrementAndGet();
          }
        };
    live(new Observer(meter, EventSink.none()));
    assertTrue(asked.get() > 60 && counted.get() > 0, asked + " asked, " + counted + " counted");
  }

  /** A histogram is told of a write that is visible already: the write must not be called failed. */
  @Test
  void metersThrow() {
    Meter meter =
        new Meter() {
          @Override
          public Counter counter(MetricName name, String... labelValues) {
            return amount -> Thrown.EXCEPTION.throwIt();
          }

          @Override
          public Gauge gauge(MetricName name, String... labelValues) {
            return value -> Thrown.NO_MEMORY.throwIt();
          }

          @Override
          public Histogram histogram(MetricName name, String... labelValues) {
            return value -> Thrown.EXCEPTION.throwIt();
          }
        };
    live(new Observer(meter, EventSink.none()));
  }
}
