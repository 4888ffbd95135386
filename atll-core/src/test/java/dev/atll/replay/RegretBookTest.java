package dev.atll.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.UnitCosts;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regret of an engine's histories. */
final class RegretBookTest {
  private static final int OPERATIONS = 6_000;

  @ParameterizedTest
  @ValueSource(strings = {"leveled", "tiered", "atll"})
  void hindsightIsNeverWorseThanWhatTheEngineDid(String policy) {
    List<VizEvent> events =
        RecordedHistory.run(21, RecordedHistory.options().policy(policy).build(), OPERATIONS);
    RegretBook book = new RegretBook();
    LookDecoder decoder = new LookDecoder();
    double mergedBytes = 0;
    int windows = 0;
    for (VizEvent event : events) {
      switch (event) {
        case DecisionEvent.Looked looked -> {
          Look look = decoder.decode(looked);
          assertNotNull(look);
          book.look(look);
        }
        case CompactionEvent.Finished f -> {
          if (f.kind() == ActionKind.MERGE && f.level() == 1) {
            mergedBytes += (f.bytesIn() + f.bytesOut()) / 2.0;
          }
        }
        case RegretEvent.Measured measured -> {
          assertTrue(measured.spentMicros() >= measured.hindsightMicros() - 1e-6, "" + measured);
          windows += measured.level() < 0 ? 1 : 0;
        }
        default -> {
          // Other events say nothing about regret.
        }
      }
    }
    book.end();
    List<RegretBook.SlotSum> slots = book.slots();
    for (RegretBook.SlotSum slot : slots) {
      assertTrue(slot.sum().ratio() >= 1 - 1e-9, slot.toString());
    }
    RegretBook.Sum all = RegretBook.sum(slots);
    assertEquals(slots.size(), all.slots());
    assertTrue(all.arrivals() > 50, all.toString());
    assertTrue(windows > 0, "the engine measured its regret itself");
    // Estimated sizes against bytes of tables, which hold filters and indexes besides the data.
    UnitCosts costs = book.costs();
    double modelBytes =
        RegretBook.sum(slots.stream().filter(slot -> slot.level() == 1).toList()).mergeSpent()
            / (costs.readByteNanos() + costs.writeByteNanos());
    assertTrue(
        modelBytes > 0.6 * mergedBytes && modelBytes < 1.7 * mergedBytes,
        policy + ": " + modelBytes + " for " + mergedBytes);
  }
}
