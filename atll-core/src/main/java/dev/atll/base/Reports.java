package dev.atll.base;

import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.VizEvent;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The line between doing work and telling of it. Sinks and meters are code of others, and building
 * an event may fail too (no memory, a stack too deep): what is thrown here is counted, logged once a
 * class, and goes no further. So a report can neither undo what was done nor end the loop that did
 * it. Nothing is switched off by a failure. Thread-safe if the sink is.
 */
public final class Reports implements EventSink {
  private static final SafeLog LOG = SafeLog.of("dev.atll.store");
  // Viewers fail in a few ways, not in thousands: a set that grows without end would be a leak.
  private static final int CLASSES_LOGGED_MAX = 64;

  private final EventSink sink;
  private final LongAdder failed = new LongAdder();
  private final Set<Class<?>> logged = ConcurrentHashMap.newKeySet();

  private Reports(EventSink sink) {
    this.sink = sink;
  }

  /** Reports to a sink; a sink that is guarded already is returned as it is. */
  public static Reports of(EventSink sink) {
    return sink instanceof Reports guarded ? guarded : new Reports(sink);
  }

  /** How many reports were lost because something was thrown. */
  public long failed() {
    return failed.sum();
  }

  @Override
  public boolean enabled() {
    try {
      return sink.enabled();
    } catch (Throwable e) {
      lost(e);
      return false;
    }
  }

  @Override
  public boolean wantsDetail() {
    try {
      return sink.wantsDetail();
    } catch (Throwable e) {
      lost(e);
      return false;
    }
  }

  @Override
  public long dropped() {
    try {
      return failed() + sink.dropped();
    } catch (Throwable e) {
      lost(e);
      return failed();
    }
  }

  @Override
  public void emit(VizEvent event) {
    try {
      sink.emit(event);
    } catch (Throwable e) {
      lost(e);
    }
  }

  /** Runs a report: what builds events, counts heat, wakes others. Never throws. */
  public void run(Runnable report) {
    try {
      report.run();
    } catch (Throwable e) {
      lost(e);
    }
  }

  /**
   * A meter of which nothing throws, whatever this one does when it is asked for an instrument or when
   * that is used. So a broken meter can neither keep a store from opening nor fail a write that is
   * done.
   */
  public Meter guarded(Meter meter) {
    return meter.equals(Meter.none()) ? meter : new GuardedMeter(meter, this::lost);
  }

  private void lost(Throwable e) {
    try {
      failed.increment();
      if (logged.size() < CLASSES_LOGGED_MAX && logged.add(e.getClass())) {
        LOG.log(
            Level.WARNING,
            () -> "a report failed and was dropped; the store goes on, and more are counted only",
            e);
      }
    } catch (Throwable noRoomToSay) {
      // No memory or stack to say it with: the count, or nothing, has to do.
      return;
    }
  }
}
