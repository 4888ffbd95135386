package dev.atll.viz.model;

import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import java.util.EnumMap;
import java.util.Map;

/** How often and how long writers waited, by what for. */
final class Stalls {
  private final Map<PressureCause, long[]> byCause = new EnumMap<>(PressureCause.class);
  private boolean now;
  private long count;
  private long nanos;

  void started(PressureEvent.StallStarted event) {
    now = true;
    count++;
    of(event.cause())[0]++;
  }

  void ended(PressureEvent.StallEnded event) {
    now = false;
    nanos += event.nanos();
    of(event.cause())[1] += event.nanos();
  }

  private long[] of(PressureCause cause) {
    return byCause.computeIfAbsent(cause, c -> new long[2]);
  }

  /** In a store that was opened again nobody waits yet. */
  void opened() {
    now = false;
  }

  void write(Json json) {
    json.name("stalled").value(now).name("stalls").value(count);
    json.name("stallMs").value(nanos / 1_000_000).name("stallCauses").array();
    byCause.forEach(
        (cause, sums) ->
            json.array().value(cause.name()).value(sums[0]).value(sums[1] / 1_000_000).endArray());
    json.endArray();
  }
}
