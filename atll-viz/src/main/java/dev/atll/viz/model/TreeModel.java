package dev.atll.viz.model;

import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Levels of slots, as the last shape and the measurements after it tell. */
final class TreeModel implements Section {
  // A picture with more slots than pixels helps nobody; beyond this they are counted, not kept.
  static final int SLOTS_MAX = 20_000;
  static final int HISTORIES_MAX = 4_096;
  // What changes in the tree may take of a viewer's line, in characters before compression; what
  // is left over goes into the next frame, and of every frame a few rows are let through.
  private static final double CHARACTERS_PER_SECOND = 24_000;
  private static final double CHARACTERS_MOST = 12_000;
  private static final int ROWS_LEAST = 8;
  private static final int MARKS_MAX = 64;

  private final SortedMap<Integer, TreeMap<Integer, SlotView>> levels = new TreeMap<>();
  private final RunBirths births = new RunBirths();
  private final HeatScale heat = new HeatScale();
  private final Allowance allowance = new Allowance(CHARACTERS_PER_SECOND, CHARACTERS_MOST);
  private final LinkedHashSet<SlotView> reshaped = new LinkedHashSet<>();
  private final LinkedHashSet<SlotView> moody = new LinkedHashSet<>();
  // The slots of each level in the order that viewers know, and the levels where that is no longer
  // so.
  private final Map<Integer, List<SlotView>> told = new HashMap<>();
  private final TreeSet<Integer> recut = new TreeSet<>();
  private final List<Mark> marks = new ArrayList<>();
  private long versionId;
  private int levelCount;
  private int slotCount;
  private int historyCount;
  private int slotsLeftOut;
  private boolean seen;
  private boolean headDirty;

  /** A short-lived hint for the eye: something happened here. */
  private record Mark(long millis, String kind, int level, int slot, double from, double to) {}

  void apply(TreeEvent event, long millis) {
    switch (event) {
      case TreeEvent.Shape shape -> takeShape(shape, millis);
    }
  }

  void apply(SlotEvent event, long millis) {
    switch (event) {
      case SlotEvent.Measured measured -> {
        SlotView view = findOrAdd(measured.level(), measured.slot());
        if (view != null) {
          heat.see(measured.heat(), measured.lowFraction(), measured.highFraction());
          view.take(measured, heat);
          touched(view, millis);
        }
      }
      case SlotEvent.Cached cached -> {
        SlotView view = find(cached.level(), cached.slot());
        if (view != null) {
          view.take(cached);
          touched(view, millis);
        }
      }
      case SlotEvent.KChanged change -> {
        SlotView view = find(change.level(), change.slot());
        if (view != null) {
          view.k = change.kTo();
          touched(view, millis);
        }
        mark(millis, "k", change.level(), change.slot(), change.kFrom(), change.kTo());
      }
    }
  }

  void apply(GuardEvent event, long millis) {
    switch (event) {
      case GuardEvent.Split e ->
          mark(millis, "split", e.level(), e.slot(), e.atFraction(), e.atFraction());
      case GuardEvent.Merged e ->
          mark(millis, "join", e.level(), e.slot(), e.atFraction(), e.atFraction());
    }
  }

  void mark(long millis, String kind, int level, int slot, double from, double to) {
    if (marks.size() < MARKS_MAX) {
      marks.add(new Mark(millis, kind, level, slot, from, to));
    }
  }

  /** Another store, or the same one after a crash: what was drawn is no longer so. */
  void forget() {
    recut.addAll(levels.keySet());
    levels.clear();
    reshaped.clear();
    moody.clear();
    slotCount = 0;
    historyCount = 0;
    slotsLeftOut = 0;
    versionId = 0;
    heat.forget();
    headDirty = true;
  }

  @Nullable SlotView find(int level, int slot) {
    TreeMap<Integer, SlotView> slots = levels.get(level);
    return slots == null ? null : slots.get(slot);
  }

  int slotCount() {
    return slotCount;
  }

  int birthCount() {
    return births.size();
  }

  private void takeShape(TreeEvent.Shape shape, long millis) {
    seen = true;
    headDirty |= versionId != shape.versionId() || levelCount != shape.levels();
    versionId = shape.versionId();
    levelCount = shape.levels();
    Map<Integer, List<SlotShape>> byLevel = new TreeMap<>();
    heat.fade(millis);
    RunBirths.Round round = births.round(millis);
    int kept = 0;
    for (SlotShape slot : shape.slots()) {
      if (kept == SLOTS_MAX) {
        break;
      }
      kept++;
      byLevel.computeIfAbsent(slot.level(), _ -> new ArrayList<>()).add(slot);
      if (slot.level() > 0) {
        heat.see(slot.heat(), slot.lowFraction(), slot.highFraction());
      }
      for (int i = 0; i < slot.runFiles().size(); i++) {
        round.saw(slot.runFiles().get(i));
      }
    }
    round.end();
    slotsLeftOut = shape.slots().size() - kept;
    slotCount = kept;
    for (var it = levels.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Integer, TreeMap<Integer, SlotView>> level = it.next();
      if (!byLevel.containsKey(level.getKey())) {
        recut.add(level.getKey());
        level.getValue().values().forEach(this::drop);
        it.remove();
      }
    }
    byLevel.forEach((level, slots) -> takeLevel(level, slots, millis));
  }

  // A slot that was cut keeps its past on the left: it is known by where it begins.
  private void takeLevel(int level, List<SlotShape> shapes, long millis) {
    TreeMap<Integer, SlotView> before = levels.computeIfAbsent(level, _ -> new TreeMap<>());
    Map<Long, SlotView> byPlace = new HashMap<>();
    before.values().forEach(view -> byPlace.put(place(view.lowFraction), view));
    boolean sameCut = before.size() == shapes.size();
    TreeMap<Integer, SlotView> after = new TreeMap<>();
    for (SlotShape shape : shapes) {
      SlotView view = byPlace.remove(place(shape.lowFraction()));
      if (view == null) {
        view = new SlotView(level, shape.slot());
        sameCut = false;
      }
      view.take(shape, heat);
      after.put(shape.slot(), view);
      touched(view, millis);
    }
    byPlace.values().forEach(this::drop);
    levels.put(level, after);
    if (!sameCut) {
      recut.add(level);
    }
  }

  private static long place(double fraction) {
    return Math.round(fraction * 1e9);
  }

  private void drop(SlotView view) {
    reshaped.remove(view);
    moody.remove(view);
    if (view.history != null) {
      historyCount--;
    }
  }

  private void touched(SlotView view, long millis) {
    if (view.history == null && historyCount < HISTORIES_MAX) {
      view.history = new SlotHistory();
      historyCount++;
    }
    if (view.history != null) {
      view.history.sample(millis, view);
    }
    if (view.shapeChanged()) {
      reshaped.add(view);
    } else if (view.moodChanged()) {
      moody.add(view);
    }
  }

  private @Nullable SlotView findOrAdd(int level, int slot) {
    SlotView known = find(level, slot);
    if (known != null || slotCount >= SLOTS_MAX) {
      return known;
    }
    SlotView view = new SlotView(level, slot);
    levels.computeIfAbsent(level, _ -> new TreeMap<>()).put(slot, view);
    levelCount = Math.max(levelCount, level + 1);
    slotCount++;
    recut.add(level);
    return view;
  }

  @Override
  public boolean dirty() {
    return headDirty
        || !reshaped.isEmpty()
        || !moody.isEmpty()
        || !recut.isEmpty()
        || !marks.isEmpty();
  }

  @Override
  public void writeFull(Json json) {
    if (!seen && slotCount == 0) {
      return;
    }
    json.name("tree").object();
    writeHead(json);
    json.name("slots").array();
    levels.values().forEach(slots -> slots.values().forEach(view -> view.write(json, births)));
    json.endArray().endObject();
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    allowance.advance(nowMillis);
    int begin = json.length();
    json.name("tree").object();
    writeHead(json);
    if (!recut.isEmpty()) {
      json.name("cuts").array();
      recut.forEach(level -> writeCut(json, level));
      json.endArray();
      recut.clear();
    }
    allowance.take(json.length() - begin);
    writeRows(json, "slots", reshaped, (view) -> view.write(json, births));
    writeRows(json, "moods", moody, (view) -> view.writeMood(json));
    if (!marks.isEmpty()) {
      json.name("marks").array();
      for (Mark mark : marks) {
        json.array().value(mark.millis).value(mark.kind).value(mark.level).value(mark.slot);
        json.value(mark.from, 5).value(mark.to, 5).endArray();
      }
      json.endArray();
      marks.clear();
    }
    json.endObject();
    headDirty = false;
  }

  private void writeRows(
      Json json, String name, Set<SlotView> views, Consumer<SlotView> writer) {
    if (views.isEmpty()) {
      return;
    }
    json.name(name).array();
    int rows = 0;
    for (Iterator<SlotView> it = views.iterator();
        it.hasNext() && (rows < ROWS_LEAST || allowance.any());
        rows++) {
      SlotView view = it.next();
      it.remove();
      int begin = json.length();
      writer.accept(view);
      view.told();
      moody.remove(view);
      allowance.take(json.length() - begin);
    }
    json.endArray();
  }

  // One cut replaces a stretch of a level and renumbers what lies to the right of it.
  private void writeCut(Json json, int level) {
    TreeMap<Integer, SlotView> slots = levels.get(level);
    List<SlotView> after = slots == null ? List.of() : new ArrayList<>(slots.values());
    List<SlotView> before = told.getOrDefault(level, List.of());
    int least = Math.min(before.size(), after.size());
    int same = 0;
    while (same < least
        && before.get(same) == after.get(same)
        && after.get(same).slot == after.get(same).toldSlot) {
      same++;
    }
    int tail = 0;
    int shift = 0;
    while (tail < least - same) {
      SlotView view = after.get(after.size() - 1 - tail);
      if (view != before.get(before.size() - 1 - tail)
          || (tail > 0 && view.slot - view.toldSlot != shift)) {
        break;
      }
      shift = view.slot - view.toldSlot;
      tail++;
    }
    json.array().value(level).value(same).value(before.size() - same - tail).value(shift).array();
    for (SlotView view : after.subList(same, after.size() - tail)) {
      view.write(json, births);
      view.told();
      reshaped.remove(view);
      moody.remove(view);
    }
    json.endArray().endArray();
    after.subList(after.size() - tail, after.size()).forEach(view -> view.toldSlot = view.slot);
    if (after.isEmpty()) {
      told.remove(level);
    } else {
      told.put(level, after);
    }
  }

  private void writeHead(Json json) {
    json.name("version").value(versionId).name("levels").value(levelCount);
    if (slotsLeftOut > 0) {
      json.name("slotsLeftOut").value(slotsLeftOut);
    }
  }
}
