package dev.atll.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/** The shared clock of writers, in simulated time. */
class WritePaceTest {
  private static final long SECOND = 1_000_000_000L;

  /** A writer that is ready for its next booking at a time. */
  private record Writer(int number, long at, long left) {}

  /** However many writers and however large their writes: together they keep the pace. */
  @ParameterizedTest
  @CsvSource({
    "1, 100", "1, 67108864", "8, 100", "8, 67108864", "32, 4096", "64, 100", "64, 1000000",
    "64, 67108864"
  })
  void allTogetherKeepThePace(int writers, long bytesEach) {
    double bytesPerSecond = 20e6;
    double price = SECOND / bytesPerSecond;
    WritePace pace = new WritePace();
    SplittableRandom random = new SplittableRandom(writers + bytesEach);
    PriorityQueue<Writer> ready =
        new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    for (int i = 0; i < writers; i++) {
      ready.add(new Writer(i, random.nextLong(1_000_000), bytesEach));
    }
    long end = 30 * SECOND;
    long part = 1_000_000; // what 50 ms allow
    long passed = 0;
    while (ready.peek().at() < end) {
      Writer writer = ready.remove();
      long bytes = Math.min(part, writer.left());
      long wait = pace.book(writer.at(), bytes, price);
      // A sleep ends late by up to 2 ms; what is under 1 ms is not slept.
      long next = wait < 1_000_000 ? writer.at() + 1_000 : writer.at() + wait + random.nextLong(2_000_000);
      passed += next <= end ? bytes : 0;
      long left = writer.left() - bytes;
      ready.add(new Writer(writer.number(), next, left == 0 ? bytesEach : left));
    }
    double rate = passed / 30.0;
    assertTrue(rate > 0.9 * bytesPerSecond && rate < 1.1 * bytesPerSecond, "rate " + rate);
  }

  @Test
  void anIdleTimeIsNotSavedUpBeyondTheCredit() {
    WritePace pace = new WritePace();
    assertEquals(100 - WritePace.CREDIT_NANOS, pace.book(SECOND, 100, 1));
    pace.forget();
    assertEquals(100, pace.book(0, 100, 1));
  }

  @Test
  void bookingsSaturateInsteadOfWrapping() {
    WritePace pace = new WritePace();
    assertEquals(Long.MAX_VALUE, pace.book(0, Long.MAX_VALUE, 1e9));
    assertEquals(Long.MAX_VALUE - 5, pace.book(5, 1, 1));
    pace.forget();
    assertEquals(Long.MAX_VALUE, pace.book(0, 1, Double.POSITIVE_INFINITY));
  }
}
