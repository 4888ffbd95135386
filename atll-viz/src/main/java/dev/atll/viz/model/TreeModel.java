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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Levels of slots, as the last shape and the measurements after it tell. */
final class TreeModel implements Section {
  // A picture with more slots than pixels helps nobody; beyond this they are counted, not kept.
  static final int SLOTS_MAX = 20_000;
  static final int HISTORIES_MAX = 4_096;
  // Bounds the size of one frame; what is left over goes into the next.
  static final int PATCHES_PER_FRAME = 160;
  private static final int MARKS_MAX = 64;

  private final SortedMap<Integer, TreeMap<Integer, SlotView>> levels = new TreeMap<>();
  private final RunBirths births = new RunBirths();
  private final HeatScale heat = new HeatScale();
  private final LinkedHashSet<SlotView> changed = new LinkedHashSet<>();
  private final TreeSet<Integer> resetLevels = new TreeSet<>();
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
      case GuardEvent.Moved e ->
          mark(millis, "shift", e.level(), e.slot(), e.fromFraction(), e.toFraction());
    }
  }

  void mark(long millis, String kind, int level, int slot, double from, double to) {
    if (marks.size() < MARKS_MAX) {
      marks.add(new Mark(millis, kind, level, slot, from, to));
    }
  }

  /** Another store, or the same one after a crash: what was drawn is no longer so. */
  void forget() {
    resetLevels.addAll(levels.keySet());
    levels.clear();
    changed.clear();
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
        resetLevels.add(level.getKey());
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
      resetLevels.add(level);
    }
  }

  private static long place(double fraction) {
    return Math.round(fraction * 1e9);
  }

  private void drop(SlotView view) {
    changed.remove(view);
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
    if (view.visiblyChanged()) {
      changed.add(view);
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
    resetLevels.add(level);
    return view;
  }

  @Override
  public boolean dirty() {
    return headDirty || !changed.isEmpty() || !resetLevels.isEmpty() || !marks.isEmpty();
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
  public void writeDelta(Json json) {
    json.name("tree").object();
    writeHead(json);
    if (!resetLevels.isEmpty()) {
      json.name("reset").values(resetLevels.stream().mapToLong(Integer::longValue).toArray());
    }
    json.name("slots").array();
    for (Integer level : resetLevels) {
      TreeMap<Integer, SlotView> slots = levels.get(level);
      if (slots != null) {
        for (SlotView view : slots.values()) {
          view.write(json, births);
          changed.remove(view);
        }
      }
    }
    int patches = 0;
    for (Iterator<SlotView> it = changed.iterator(); it.hasNext() && patches < PATCHES_PER_FRAME; ) {
      it.next().write(json, births);
      it.remove();
      patches++;
    }
    json.endArray();
    if (!marks.isEmpty()) {
      json.name("marks").array();
      for (Mark mark : marks) {
        json.array().value(mark.millis).value(mark.kind).value(mark.level).value(mark.slot);
        json.value(mark.from, 5).value(mark.to, 5).endArray();
      }
      json.endArray();
    }
    json.endObject();
    marks.clear();
    resetLevels.clear();
    headDirty = false;
  }

  private void writeHead(Json json) {
    json.name("version").value(versionId).name("levels").value(levelCount);
    if (slotsLeftOut > 0) {
      json.name("slotsLeftOut").value(slotsLeftOut);
    }
  }
}
