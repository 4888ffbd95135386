package dev.atll.viz.model;

import dev.atll.observe.event.SnapshotEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who reads the past: how many snapshots, since when, and which are held too long. */
final class OpenSnapshots {
  // As many as anybody watches; of more, only the count is known.
  private static final int KNOWN_MAX = 1_024;

  private final Map<Long, Long> sinceMillis = new HashMap<>();
  private final Set<Long> overdue = new HashSet<>();
  private int open;
  private long overdueEver;

  void apply(SnapshotEvent event, long millis) {
    switch (event) {
      case SnapshotEvent.Opened e -> {
        open = e.openSnapshots();
        if (sinceMillis.size() < KNOWN_MAX) {
          sinceMillis.put(e.snapshotId(), millis);
        }
      }
      case SnapshotEvent.Closed e -> {
        open = e.openSnapshots();
        sinceMillis.remove(e.snapshotId());
        overdue.remove(e.snapshotId());
      }
      case SnapshotEvent.Overdue e -> {
        overdueEver++;
        if (overdue.size() < KNOWN_MAX) {
          overdue.add(e.snapshotId());
        }
        // A picture that begins in the middle has not seen it being taken.
        sinceMillis.putIfAbsent(e.snapshotId(), millis - e.heldNanos() / 1_000_000);
      }
      case SnapshotEvent.FloorRaised _, SnapshotEvent.CursorOverdue _ -> {
        // The floor is a matter of the metrics; a cursor is a line of the log.
      }
    }
  }

  void forget() {
    sinceMillis.clear();
    overdue.clear();
    open = 0;
  }

  void write(Json json) {
    json.name("snapshots").value(open).name("overdue").value(overdue.size());
    json.name("overdueEver").value(overdueEver);
    sinceMillis.values().stream()
        .min(Long::compare)
        .ifPresent(millis -> json.name("oldestSnapshot").value(millis));
  }
}
