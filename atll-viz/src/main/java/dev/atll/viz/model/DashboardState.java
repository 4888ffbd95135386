package dev.atll.viz.model;

import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VersionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import dev.atll.observe.event.WorkloadEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All the dashboard knows, folded from events in their order. Memory is bounded whatever comes in.
 * Not thread-safe: one thread at a time.
 */
public final class DashboardState {
  private final Timebase time = new Timebase();
  private final EngineModel engine = new EngineModel();
  private final TreeModel tree = new TreeModel();
  private final JobBoard jobs = new JobBoard();
  private final DecisionBook decisions = new DecisionBook();
  private final HealthModel health = new HealthModel();
  private final History history = new History();
  private final EventLog log = new EventLog();
  private final List<Section> sections =
      List.of(engine, tree, jobs, decisions, health, history, log);
  private StatsEvent.@Nullable Measured lastStats;

  /** A picture of nothing yet. */
  public DashboardState() {}

  /**
   * Takes the next event.
   *
   * @param event what happened; events come in the order of their source
   */
  public void apply(VizEvent event) {
    if (event instanceof EngineEvent.Opened opened) {
      time.opened(opened.timeNanos(), opened.wallMillis());
    }
    long millis = time.millisOf(event.timeNanos());
    engine.sawEvent();
    switch (event) {
      case AdmissionEvent e -> admission(e, millis);
      case CacheEvent e -> health.apply(e);
      case CompactionEvent e -> {
        jobs.apply(e, millis);
        decisions.apply(e);
        health.apply(e, millis);
      }
      case CorruptionEvent e -> health.apply(e, millis);
      case DecisionEvent e -> decisions.apply(e, millis);
      case EngineEvent e -> engine(e, millis);
      case FlushEvent e -> flush(e, millis);
      case GuardEvent e -> tree.apply(e, millis);
      case PressureEvent e -> health.apply(e, millis);
      case RecoveryEvent _ -> {}
      case RegretEvent e -> engine.apply(e);
      case SlotEvent e -> tree.apply(e, millis);
      case SnapshotEvent e -> health.apply(e, millis);
      case StatsEvent e -> stats(e, millis);
      case TreeEvent e -> tree.apply(e, millis);
      case VersionEvent _ -> {}
      case WalEvent e -> health.apply(e);
      case WorkloadEvent e -> engine.apply(e, millis);
    }
    LogLine line = LogText.of(event);
    if (line != null) {
      log.add(millis, line);
    }
  }

  /**
   * Where on the line of time an event belongs.
   *
   * @param event what {@link #apply} has not taken yet
   * @return milliseconds from the line's beginning, at least 0
   */
  public long placeOf(VizEvent event) {
    return time.placeOf(event);
  }

  /**
   * The place of the latest event.
   *
   * @return milliseconds from the line's beginning; never runs backwards
   */
  public long nowMillis() {
    return time.nowMillis();
  }

  /**
   * Whether anything changed since the last delta.
   *
   * @return true if a delta would say something
   */
  public boolean dirty() {
    for (Section section : sections) {
      if (section.dirty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the whole picture as members of the object that is open.
   *
   * @param json where to
   */
  public void writeFull(Json json) {
    time.write(json);
    sections.forEach(section -> section.writeFull(json));
  }

  /**
   * Writes the whole picture but for the series, whose rows a viewer has from elsewhere.
   *
   * @param json where to
   */
  public void writeKey(Json json) {
    time.write(json);
    for (Section section : sections) {
      if (section != history) {
        section.writeFull(json);
      }
    }
  }

  /**
   * Writes what changed since the last delta as members of the object that is open, and forgets
   * that it changed.
   *
   * @param json where to
   */
  public void writeDelta(Json json) {
    time.write(json);
    for (Section section : sections) {
      if (section.dirty()) {
        section.writeDelta(json, time.nowMillis());
      }
    }
  }

  /**
   * One slot with its recent past.
   *
   * @param level the level
   * @param slot place within the level
   * @return a JSON object, or null if there is no such slot
   */
  public @Nullable String slotJson(int level, int slot) {
    SlotView view = tree.find(level, slot);
    if (view == null) {
      return null;
    }
    Json json = new Json().object().name("level").value(level).name("slot").value(slot);
    json.name("low").value(view.lowFraction, 5).name("high").value(view.highFraction, 5);
    if (view.history != null) {
      view.history.write(json);
    }
    return json.endObject().toString();
  }

  private void admission(AdmissionEvent event, long millis) {
    switch (event) {
      case AdmissionEvent.Completed e -> tree.mark(millis, "admit", e.level(), -1, 0, 1);
    }
  }

  private void flush(FlushEvent event, long millis) {
    jobs.apply(event);
    switch (event) {
      case FlushEvent.Triggered _, FlushEvent.Started _ -> {}
      case FlushEvent.Completed _ -> tree.mark(millis, "flush", 0, -1, 0, 1);
    }
  }

  private void engine(EngineEvent event, long millis) {
    engine.apply(event);
    switch (event) {
      case EngineEvent.Opened _ -> {
        tree.forget();
        jobs.forget();
        decisions.forget();
        health.forget();
        lastStats = null;
      }
      case EngineEvent.Closed _ -> jobs.forget();
      case EngineEvent.PolicyChanged _ -> decisions.policyChanged();
      case EngineEvent.Poisoned e -> health.apply(e, millis);
      case EngineEvent.FreeSpaceKnown _ -> {}
      case EngineEvent.JobFailed _ -> {}
    }
  }

  private void stats(StatsEvent event, long millis) {
    health.apply(event);
    switch (event) {
      case StatsEvent.Measured s -> {
        history.add(millis, StatsRow.of(s, lastStats, engine), s.ops());
        lastStats = s;
      }
    }
  }
}
