package dev.atll.viz.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.FlushReason;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VizEvent;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Memory and frames are bounded, and users' bytes have no way in. */
final class BoundsTest {
  @Test
  void historyKeepsAnHourAtFallingResolution() {
    History history = new History();
    double[] values = new double[History.WIDTH];
    long seconds = 3 * 3600;
    for (long s = 0; s < seconds; s++) {
      Arrays.fill(values, s);
      history.add(s * 1_000, values, List.of());
      history.add(s * 1_000 + 500, values, List.of());
    }
    List<double[]> rows = history.rows();
    assertTrue(rows.size() <= 780, rows.size() + " rows");
    double span = seconds - rows.getFirst()[0];
    assertTrue(span >= 3_580 && span <= 3_640, "spans " + span + " s");
    for (int i = 1; i < rows.size(); i++) {
      double step = rows.get(i)[0] - rows.get(i - 1)[0];
      assertTrue(step > 0 && step <= 30, "row " + i + " after " + step + " s");
      double age = seconds - rows.get(i)[0];
      assertTrue(age > 290 || step == 1, "the newest five minutes are by the second");
      double middle = rows.get(i)[0];
      assertTrue(Math.abs(rows.get(i)[1] - middle) <= 15, "a row is the mean of its time");
    }
  }

  @Test
  void unmeasuredIsNotZero() {
    History history = new History();
    double[] nothing = new double[History.WIDTH];
    Arrays.fill(nothing, Double.NaN);
    history.add(0, nothing, List.of());
    history.add(1_000, nothing, List.of());
    assertTrue(Double.isNaN(history.rows().getFirst()[1]));
    Json json = new Json().object();
    history.writeFull(json);
    assertTrue(json.endObject().toString().contains("[[0,null,"), "told as null");
  }

  @Test
  void whatNeverEndsIsForgotten() {
    DashboardState state = new DashboardState();
    for (int i = 1; i <= 20_000; i++) {
      state.apply(new CompactionEvent.Started(i, i, ActionKind.MERGE, 1, 0, 1, 2, 100));
      state.apply(
          new FlushEvent.Triggered(i, i, FlushReason.MANUAL, 100, 1));
      state.apply(
          new DecisionEvent.Made(
              i, i, 1, Label.of("p"), List.of(), -1, 1, 0, -1, Doubles.empty(), Doubles.empty(), 1,
              false, 0, 1));
      state.apply(new SlotEvent.KChanged(i, 1, 0, 1, 2, 0.5));
    }
    Json full = new Json().object();
    state.writeFull(full);
    assertTrue(full.length() < 300_000, full.length() + " characters in a full picture");
    Json delta = new Json().object();
    state.writeDelta(delta);
    assertTrue(delta.length() < 150_000, delta.length() + " characters in a frame");
  }

  /** However much goes on, a viewer's line carries so much a second, and in the end everything. */
  @Test
  void aHugeTreeIsPatchedInPortions() {
    DashboardState state = new DashboardState();
    List<SlotShape> slots = new ArrayList<>();
    int count = 5_000;
    for (int i = 0; i < count; i++) {
      slots.add(
          new SlotShape(
              1, i, i / (double) count, (i + 1) / (double) count, Longs.of(i), Longs.of(100), 0, 1,
              1));
    }
    state.apply(new TreeEvent.Shape(0, 1, 2, 0, 0, slots));
    Json first = new Json().object();
    state.writeDelta(first);
    long frameNanos = 50_000_000;
    int characters = 0;
    int frames = 200;
    int heat = 0;
    for (int frame = 1; frame <= frames; frame++) {
      heat = (heat + 7) % 100;
      for (int i = 0; i < count; i++) {
        state.apply(
            new SlotEvent.Measured(
                frame * frameNanos, 1, i, i / (double) count, (i + 1) / (double) count, 1, 100,
                heat / 100.0, 1, 1, 0, 0));
      }
      Json json = new Json().object();
      state.writeDelta(json);
      assertTrue(json.length() < 20_000, json.length() + " characters in a frame");
      characters += json.length();
    }
    double perSecond = characters / (frames * frameNanos / 1e9);
    assertTrue(perSecond < 30_000, perSecond + " characters a second");
    int more = 0;
    while (state.dirty() && more++ < count) {
      state.writeDelta(new Json().object());
    }
    assertTrue(more > 0 && !state.dirty(), "the rest follows");
  }

  @Test
  void noMoreSlotsThanCanBeDrawn() {
    TreeModel tree = new TreeModel();
    for (int i = 0; i < TreeModel.SLOTS_MAX + 500; i++) {
      tree.apply(new SlotEvent.Measured(i, 1, i, 0, 1, 1, 1, 0, 1, 1, 0, 0), 0);
    }
    assertEquals(TreeModel.SLOTS_MAX, tree.slotCount());
  }

  /** Keys and values are bytes; no event has a component that could hold any. */
  @Test
  void noEventCanCarryUsersBytes() {
    List<String> faults = new ArrayList<>();
    check(VizEvent.class, faults);
    assertEquals(List.of(), faults);
  }

  private static void check(Class<?> type, List<String> faults) {
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        check(permitted, faults);
      }
    }
    if (type.isRecord()) {
      Set<Class<?>> harmless = Set.of(Label.class, Longs.class, Doubles.class, List.class);
      for (RecordComponent component : type.getRecordComponents()) {
        Class<?> part = component.getType();
        if (!part.isPrimitive() && !part.isEnum() && !harmless.contains(part)) {
          faults.add(type.getName() + "." + component.getName());
        }
      }
    }
  }
}
