package dev.atll.engine;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.SlotEvent;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of single slots what is no longer as it was told: the number of runs that the policy means
 * them to hold, and what reads have paid. A tree has thousands of slots that change all the time, so
 * a slot is measured once a second at most, and of all of them a few a look, those first that have
 * waited longest. For one thread.
 */
final class SlotNews {
  static final int EACH_LOOK_MAX = 64;
  static final long SLOT_PERIOD_NANOS = 1_000_000_000L;
  // K follows K* once that is farther away than this: one that trembles around a half moves nothing.
  private static final double K_MARGIN = 0.75;
  // What a viewer would see: steps of a tenth.
  private static final double STEPS = 10;

  private final EventSink events;
  private Map<Long, Known> known = new HashMap<>();
  private Map<Long, Known> present = new HashMap<>();
  private final List<Due> due = new ArrayList<>();
  private long nowNanos;
  private int changes;

  /** What was told of a slot. */
  private static final class Known {
    int k;
    long toldNanos;
    long signature;
  }

  private record Due(Known known, long signature, SlotEvent.Measured event) {}

  SlotNews(EventSink events) {
    this.events = events;
  }

  /** Begins a look at all slots. */
  void begin(long timeNanos) {
    nowNanos = timeNanos;
    present = new HashMap<>();
    changes = 0;
    due.clear();
  }

  /**
   * Looks at a slot.
   *
   * @param costs prices of what reads do
   * @param kStar the number of runs that the policy predicts to be best, or NaN
   * @return the number in force: K* as a whole number, or the runs there are if the policy has no
   *     opinion
   */
  int see(UnitCosts costs, SlotFacts slot, double low, double high, double kStar) {
    Known before = known.get(slot.slotId());
    Known now = before == null ? new Known() : before;
    present.put(slot.slotId(), now);
    if (Double.isNaN(kStar)) {
      now.k = slot.runs().size();
    } else if (before == null) {
      now.k = whole(kStar);
      now.toldNanos = nowNanos - SLOT_PERIOD_NANOS;
    } else if (Math.abs(kStar - now.k) > K_MARGIN
        && whole(kStar) != now.k
        && changes < EACH_LOOK_MAX) {
      changes++;
      events.emit(
          new SlotEvent.KChanged(
              nowNanos, slot.level(), slot.rank(), now.k, whole(kStar), slot.readHeat()));
      now.k = whole(kStar);
    }
    if (nowNanos - now.toldNanos >= SLOT_PERIOD_NANOS) {
      measure(costs, slot, now, low, high, kStar);
    }
    return now.k;
  }

  private void measure(
      UnitCosts costs, SlotFacts slot, Known now, double low, double high, double kStar) {
    double readMicros = 0;
    for (RunFacts run : slot.runs()) {
      readMicros += costs.paidNanos(run) / 1e3;
    }
    double writeBytes = slot.runs().size() > 1 ? slot.bytes() : 0;
    long signature = Math.round(Math.log1p(readMicros) * STEPS);
    signature = signature * 31 + Math.round(Math.log1p(writeBytes) * STEPS);
    signature = signature * 31 + Math.round(Math.log1p(slot.readHeat()) * STEPS);
    signature = signature * 31 + Math.round(kStar * STEPS);
    signature = signature * 31 + slot.runs().size();
    if (signature != now.signature) {
      due.add(
          new Due(
              now,
              signature,
              new SlotEvent.Measured(
                  nowNanos,
                  slot.level(),
                  slot.rank(),
                  low,
                  high,
                  slot.runs().size(),
                  slot.bytes(),
                  slot.readHeat(),
                  now.k,
                  kStar,
                  readMicros,
                  writeBytes)));
    }
  }

  /** Ends a look: tells what is due, and forgets the slots that are gone. */
  void end() {
    due.sort(Comparator.comparingLong(d -> d.known().toldNanos));
    for (Due next : due.subList(0, Math.min(EACH_LOOK_MAX, due.size()))) {
      next.known().toldNanos = nowNanos;
      next.known().signature = next.signature();
      events.emit(next.event());
    }
    known = present;
  }

  private static int whole(double kStar) {
    return Math.clamp(Math.round(kStar), 1, Integer.MAX_VALUE);
  }
}
