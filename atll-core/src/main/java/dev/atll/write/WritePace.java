package dev.atll.write;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One clock for all writers: each books the time that its bytes take at the present pace, behind the
 * bookings of those who came before, and waits until its own is over. So all of them together keep
 * the pace, however many they are and however much each brings. Thread-safe, without a lock.
 *
 * <p>Times are nanoseconds of a clock that began when the pace was made, so at least 0; they end at
 * {@link Long#MAX_VALUE} and do not wrap.
 */
final class WritePace {
  /**
   * How far bookings may begin in the past. Sleeps end late, by a millisecond or two, and by more on a
   * loaded machine: without this each of them would lower the pace. It is also the largest burst.
   */
  static final long CREDIT_NANOS = 20_000_000L;

  private final AtomicLong bookedUntil = new AtomicLong();

  /**
   * Books time for some bytes.
   *
   * @param now the time, at least 0
   * @param bytes how many, at least 0
   * @param nanosPerByte the pace, at least 0
   * @return nanoseconds from now until the booking is over; not positive if it is already
   */
  long book(long now, long bytes, double nanosPerByte) {
    // The conversion saturates.
    long nanos = (long) Math.ceil(bytes * nanosPerByte);
    while (true) {
      long booked = bookedUntil.get();
      long from = Math.max(booked, Math.max(0, now - CREDIT_NANOS));
      long until = from > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : from + nanos;
      if (bookedUntil.compareAndSet(booked, until)) {
        return until - now;
      }
    }
  }

  /** Forgets all bookings: there is no pace to be kept any more. */
  void forget() {
    bookedUntil.set(0);
  }
}
