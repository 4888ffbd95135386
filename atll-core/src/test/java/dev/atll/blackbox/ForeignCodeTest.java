package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StoreHealth;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.VizEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real store in an environment of the application's, parts of which throw for a while: no loop of
 * the store dies or sleeps for ever, it is told, and all goes on when it is over.
 */
@Timeout(60)
class ForeignCodeTest {
  private static final int KEYS = 2_000;

  @TempDir private Path temp;

  private final Env system = Env.system();
  private final AtomicInteger clockReadings = new AtomicInteger();
  private final Set<JobKind> failedJobs = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Throwable clockThrows;
  private volatile @Nullable Throwable wakingThrows;
  private final AtomicInteger tablesToRefuse = new AtomicInteger();
  private volatile @Nullable Throwable tablesThrow;

  /** What code of others may throw; compiled code tells no checked exceptions apart. */
  enum Thrown {
    CHECKED(new Exception("foreign")),
    NO_CLASS(new NoClassDefFoundError("foreign")),
    NO_MEMORY(new OutOfMemoryError("foreign"));

    private final Throwable throwable;

    Thrown(Throwable throwable) {
      this.throwable = throwable;
    }
  }

  @AfterEach
  void close() {
    system.workers().close();
  }

  private static void fail(@Nullable Throwable failure) {
    if (failure != null) {
      ForeignCodeTest.<RuntimeException>sneak(failure);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  /** An interface whose method of a name throws before it does anything. */
  private static <T> T throwing(Class<T> type, T below, String method, Runnable first) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, arguments) -> {
              if (called.getName().equals(method)) {
                first.run();
              }
              try {
                return called.invoke(below, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }

  private final class ForeignEnv implements Env {
    private final Clock clock =
        new Clock() {
          @Override
          public long nanoTime() {
            clockReadings.incrementAndGet();
            fail(clockThrows);
            return system.clock().nanoTime();
          }

          @Override
          public long currentTimeMillis() {
            fail(clockThrows);
            return system.clock().currentTimeMillis();
          }
        };

    @Override
    public FileSystem files() {
      return (directory, create) ->
          throwing(
              Storage.class,
              system.files().open(directory, create),
              "create",
              () -> {
                Throwable failure = tablesThrow;
                if (failure != null && tablesToRefuse.getAndDecrement() > 0) {
                  fail(failure);
                }
              });
    }

    @Override
    public Clock clock() {
      return clock;
    }

    @Override
    public Workers workers() {
      Workers below = system.workers();
      return new Workers() {
        @Override
        public Worker start(String name, WorkUnit unit) {
          return throwing(
              Worker.class, below.start(name, unit), "signal", () -> fail(wakingThrows));
        }

        @Override
        public void progress() {
          below.progress();
        }

        @Override
        public boolean awaitUntil(
            java.util.function.BooleanSupplier condition, long timeoutNanos) {
          return below.awaitUntil(condition, timeoutNanos);
        }

        @Override
        public boolean deterministic() {
          return false;
        }

        @Override
        public void yieldPoint() {
          fail(wakingThrows);
        }

        @Override
        public void close() {
          below.close();
        }
      };
    }

    @Override
    public RandomGenerator random(String stream) {
      return system.random(stream);
    }
  }

  private AtllDb open() {
    Options options =
        Options.builder()
            .durability(Durability.INTERVAL)
            .syncInterval(Duration.ofMillis(5))
            .levelCount(3)
            .memtableBytes(64 << 10)
            .slotBytes(32 << 10)
            .spaceReserveBytes(0)
            .build();
    EventSink sink =
        new EventSink() {
          @Override
          public boolean enabled() {
            return true;
          }

          @Override
          public void emit(VizEvent event) {
            if (event instanceof EngineEvent.JobFailed failed) {
              failedJobs.add(failed.job());
            }
          }
        };
    return Atll.open(temp, options, Observer.none().withEvents(sink), new ForeignEnv());
  }

  private static void fill(AtllDb db, int round) {
    for (int i = 0; i < KEYS; i++) {
      db.put(Content.key(i), Content.value(i + round, 100));
    }
  }

  private static void check(AtllDb db, int round) {
    assertEquals(KEYS, db.count(KeyRange.all()));
    for (int i = 0; i < KEYS; i += 7) {
      assertArrayEquals(Content.value(i + round, 100), db.get(Content.key(i)));
    }
  }

  /** Everything that a loop does is done, within a generous time. */
  private static void expectAtWork(AtllDb db, int round) {
    long compactions = db.stats().compactions();
    fill(db, round);
    db.flush();
    db.compact(KeyRange.all());
    assertTrue(db.settle(Duration.ofSeconds(30)), () -> "not settled: " + db.stats());
    assertTrue(db.stats().compactions() > compactions, "nothing was merged");
    long revision = db.put(Content.key(0), Content.value(round, 100));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (db.durableRevision() < revision && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertTrue(db.durableRevision() >= revision, "nothing syncs the log");
    check(db, round);
  }

  @ParameterizedTest
  @EnumSource(names = {"CHECKED", "NO_CLASS", "NO_MEMORY"})
  void aClockThatThrowsForAWhile(Thrown thrown) {
    try (AtllDb db = open()) {
      fill(db, 0);
      clockThrows = thrown.throwable;
      expectAtWork(db, 1);
      StoreHealth health = db.health();
      assertTrue(health.isWritable() && health.jobsFailed() > 0, health::toString);
      assertSame(thrown.throwable, health.jobFailure());
      assertTrue(failedJobs.contains(JobKind.CLOCK), failedJobs::toString);
      clockThrows = null;
      expectAtWork(db, 2);
      clockThrows = thrown.throwable;
    }
    // Opened while it throws, too.
    try (AtllDb db = open()) {
      check(db, 2);
      clockThrows = null;
      expectAtWork(db, 3);
      db.verify();
    }
    assertTrue(clockReadings.get() > 100);
  }

  @ParameterizedTest
  @EnumSource(names = {"CHECKED", "NO_CLASS"})
  void loopsThatCannotBeWokenForAWhile(Thrown thrown) {
    try (AtllDb db = open()) {
      fill(db, 0);
      wakingThrows = thrown.throwable;
      for (int i = 0; i < 3; i++) {
        db.put(Content.key(i), Content.value(i, 100));
      }
      db.flush();
      assertTrue(db.health().isWritable() && db.health().jobsFailed() > 0);
      wakingThrows = null;
      expectAtWork(db, 1);
    }
    try (AtllDb db = open()) {
      check(db, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CHECKED", "NO_CLASS"})
  void tablesThatCannotBeMadeForAWhile(Thrown thrown) {
    try (AtllDb db = open()) {
      fill(db, 0);
      db.flush();
      db.settle(Duration.ofSeconds(30));
      fill(db, 1);
      tablesToRefuse.set(3);
      tablesThrow = thrown.throwable;
      db.flush();
      StoreHealth health = db.health();
      assertTrue(health.isWritable(), () -> "writing ended: " + health.failure());
      assertTrue(health.jobsFailed() > 0);
      expectAtWork(db, 2);
    }
    try (AtllDb db = open()) {
      check(db, 2);
      db.verify();
    }
  }
}
