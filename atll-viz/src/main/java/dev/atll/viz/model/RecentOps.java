package dev.atll.viz.model;

import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.StatsEvent;
import java.util.ArrayDeque;
import java.util.Deque;

/** Operations of the last ten seconds together: a single second jumps too much to be compared. */
final class RecentOps {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  // A look comes once a second; somebody may look more often.
  private static final int LOOKS_MAX = 64;

  private final Deque<StatsEvent.Measured> looks = new ArrayDeque<>();

  void add(StatsEvent.Measured look) {
    looks.add(look);
    while (looks.size() > LOOKS_MAX
        || look.timeNanos() - looks.getFirst().timeNanos() >= WINDOW_NANOS) {
      looks.removeFirst();
    }
  }

  void clear() {
    looks.clear();
  }

  /** Writes {@code recent}: the seconds covered, and for each kind its rate and percentiles. */
  void write(Json json) {
    double seconds = 0;
    MergedLatencies latencies = new MergedLatencies();
    long[] counts = new long[OpKind.values().length];
    for (StatsEvent.Measured look : looks) {
      seconds += look.intervalNanos() / 1e9;
      latencies.add(look.ops());
      for (OpStats op : look.ops()) {
        counts[place(op.op())] += op.count();
      }
    }
    if (seconds <= 0) {
      return;
    }
    json.name("recent").object().name("seconds").value(seconds, 1).name("ops").array();
    for (OpKind kind : OpKind.values()) {
      if (counts[place(kind)] > 0) {
        json.array().value(kind.name()).value(counts[place(kind)] / seconds, 0);
        for (double percentile : latencies.percentiles(kind)) {
          json.value(percentile, 0);
        }
        json.endArray();
      }
    }
    json.endArray().endObject();
  }

  @SuppressWarnings("EnumOrdinal") // Only a place in an array of this method's own.
  private static int place(OpKind kind) {
    return kind.ordinal();
  }
}
