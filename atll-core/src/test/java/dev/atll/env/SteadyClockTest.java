package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Time goes on, and never back, whatever the clock of others throws. */
class SteadyClockTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Throwable> told = new ArrayList<>();
  private final Broken broken = new Broken();

  /** A clock that throws what it is told to. */
  static final class Broken implements Clock {
    private long nanos = -5 * SECOND;
    private @Nullable Throwable thrown;

    @Override
    public long nanoTime() {
      fail();
      return nanos;
    }

    @Override
    public long currentTimeMillis() {
      fail();
      return 1_000_000 + nanos / 1_000_000;
    }

    private void fail() {
      Throwable failure = thrown;
      if (failure != null) {
        Broken.<RuntimeException>sneak(failure);
      }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
      throw (E) failure;
    }
  }

  @Test
  void aSoundClockIsPassedOn() {
    Clock clock = SteadyClock.of(broken, true, told::add);
    assertEquals(-5 * SECOND, clock.nanoTime());
    assertEquals(995_000, clock.currentTimeMillis());
    assertTrue(told.isEmpty());
    Clock system = Env.system().clock();
    assertSame(system, SteadyClock.of(system, false, told::add), "the system's own cannot fail");
  }

  @Test
  void timeGoesOnWhileTheClockThrowsAndNeverGoesBack() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("clock"),
            new NoClassDefFoundError("clock"),
            new OutOfMemoryError("clock"),
            new Exception("clock"))) {
      for (boolean simulated : new boolean[] {true, false}) {
        told.clear();
        broken.thrown = null;
        Clock clock = SteadyClock.of(broken, simulated, told::add);
        long last = clock.nanoTime();
        long wall = clock.currentTimeMillis();
        broken.thrown = thrown;
        for (int i = 0; i < 100; i++) {
          long now = clock.nanoTime();
          assertTrue(now >= last, "back by " + (last - now));
          assertTrue(now - last < 60 * SECOND, "far ahead");
          last = now;
        }
        assertTrue(Math.abs(clock.currentTimeMillis() - wall) < 60_000);
        assertEquals(List.of(thrown), told, "told once");
        broken.thrown = null;
        assertTrue(clock.nanoTime() >= last, "what was guessed is not taken back");
        last = clock.nanoTime();
        broken.nanos += SECOND;
        assertEquals(last + SECOND, clock.nanoTime());
      }
    }
  }

  @Test
  void aClockThatGoesOnFailingIsToldOfOnceASecond() {
    Clock clock = SteadyClock.of(broken, true, told::add);
    long first = clock.nanoTime();
    broken.thrown = new IllegalStateException("clock");
    long last = first;
    while (last - first < 5 * SECOND) {
      last = clock.nanoTime();
    }
    assertTrue(told.size() >= 4 && told.size() <= 6, told::toString);
  }

  @Test
  void whoIsToldMayThrowToo() {
    Clock clock =
        SteadyClock.of(
            broken,
            false,
            e -> {
              throw new OutOfMemoryError("no room to say");
            });
    long last = clock.nanoTime();
    broken.thrown = new IllegalStateException("clock");
    assertTrue(clock.nanoTime() >= last);
  }

  @Test
  void aClockThatNeverAnsweredIsStoodInFor() {
    broken.thrown = new IllegalStateException("clock");
    Clock clock = SteadyClock.of(broken, false, told::add);
    long first = clock.nanoTime();
    assertTrue(clock.currentTimeMillis() > 0);
    broken.thrown = null;
    broken.nanos = Long.MIN_VALUE / 2;
    long next = clock.nanoTime();
    assertTrue(next >= first && next - first < 60 * SECOND, "its origin is another one");
  }
}
