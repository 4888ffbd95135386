package dev.atll.bench.demo;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.VizEvent;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers the last thing the policy chose to do, in words. Thread-safe. */
final class LastDecision implements EventSink {
  private final AtomicLong count = new AtomicLong();
  private volatile String text = "-";

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public void emit(VizEvent event) {
    if (event instanceof DecisionEvent.Made made && made.chosen() >= 0) {
      Candidate chosen = made.candidates().get(made.chosen());
      count.incrementAndGet();
      text =
          String.format(
              Locale.ROOT,
              "%s %s L%d·%d, %d %s because of %s (%s, of %d candidates)",
              made.policy(),
              words(chosen.kind()),
              chosen.level(),
              chosen.slot(),
              chosen.runs(),
              chosen.runs() == 1 ? "run" : "runs",
              words(chosen.reason()),
              index(chosen),
              made.candidates().size());
    }
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String index(Candidate chosen) {
    String index =
        Double.isNaN(chosen.index())
            ? "without cost"
            : String.format(Locale.ROOT, "index %.2f", chosen.index());
    return chosen.urgent() ? index + ", urgent" : index;
  }

  /** How often something was chosen. */
  long count() {
    return count.get();
  }

  /** The last choice; {@code -} before the first. */
  String text() {
    return text;
  }
}
