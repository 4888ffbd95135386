package dev.atll.viz.model;

import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.WorkloadEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What runs, under which policy and load, and whether adapting is believed to pay. */
final class EngineModel implements Section {
  private static final long REGRET_NANOS = 60_000_000_000L;

  private EngineEvent.@Nullable Opened opened;
  private String policy = "";
  private String life = "waiting";
  private WorkloadEvent.@Nullable PhaseStarted phase;
  private long phaseSinceMillis;
  private RegretEvent.@Nullable GainPredicted gain;
  // Windows of the last minute, oldest first: one alone says little, since at its end hindsight knows of
  // no reads to come, and takes each merge shortly before for wasted.
  private final Deque<RegretEvent.Measured> regret = new ArrayDeque<>();
  private @Nullable Boolean adaptive;
  private boolean dirty;

  /** Any sign of life, for recordings that begin in the middle. */
  void sawEvent() {
    if (life.equals("waiting")) {
      life = "open";
      dirty = true;
    }
  }

  void apply(EngineEvent event) {
    dirty = true;
    switch (event) {
      case EngineEvent.Opened e -> {
        opened = e;
        policy = e.policy().value();
        life = "open";
      }
      case EngineEvent.PolicyChanged e -> {
        policy = e.to().value();
        regret.clear(); // that was another's
      }
      case EngineEvent.Poisoned _ -> life = "poisoned";
      case EngineEvent.FreeSpaceKnown _ -> {}
      case EngineEvent.JobFailed _ -> {}
      case EngineEvent.Closed e -> life = e.clean() ? "closed" : "lost";
    }
  }

  void apply(WorkloadEvent event, long millis) {
    dirty = true;
    switch (event) {
      case WorkloadEvent.PhaseStarted e -> {
        phase = e;
        phaseSinceMillis = millis;
      }
    }
  }

  void apply(RegretEvent event) {
    dirty = true;
    switch (event) {
      case RegretEvent.Measured e -> {
        if (e.level() < 0) {
          regret.add(e);
          while (e.timeNanos() - regret.getFirst().timeNanos() >= REGRET_NANOS) {
            regret.removeFirst();
          }
        }
      }
      case RegretEvent.GainPredicted e -> gain = e;
      case RegretEvent.AdaptivityChanged e -> adaptive = e.adaptive();
    }
  }

  double overlap() {
    return gain == null ? Double.NaN : gain.bhattacharyya();
  }

  double predictedGain() {
    return gain == null ? Double.NaN : gain.gainFraction();
  }

  /** Cost of the last minute beyond the hindsight optimum, as a share of that optimum. */
  double regretFraction() {
    double best = regretSum(RegretEvent.Measured::hindsightMicros);
    return best <= 0 ? Double.NaN : regretSum(RegretEvent.Measured::spentMicros) / best - 1;
  }

  private double regretSum(ToDoubleFunction<RegretEvent.Measured> part) {
    return regret.stream().mapToDouble(part).sum();
  }

  String policy() {
    return policy;
  }

  @Override
  public boolean dirty() {
    return dirty;
  }

  @Override
  public void writeFull(Json json) {
    write(json);
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    write(json);
    dirty = false;
  }

  private void write(Json json) {
    json.name("engine").object().name("life").value(life).name("policy").value(policy);
    EngineEvent.Opened o = opened;
    if (o != null) {
      json.name("durability").value(o.durability().name()).name("fanout").value(o.fanout());
      json.name("levelsMax").value(o.levelsMax()).name("memtableMax");
      json.value(o.memtableBytesMax()).name("slotTarget").value(o.slotBytesTarget());
      json.name("l0Max").value(o.l0FilesMax()).name("cacheBytes").value(o.blockCacheBytes());
      json.name("jobsMax").value(o.compactionJobsMax());
    }
    WorkloadEvent.PhaseStarted p = phase;
    if (p != null) {
      json.name("phase").object().name("number").value(p.phase());
      json.name("name").value(p.name().value()).name("since").value(phaseSinceMillis);
      json.name("reads").value(p.readFraction(), 3).name("hotLow").value(p.hotLowFraction(), 5);
      json.name("hotHigh").value(p.hotHighFraction(), 5).name("hotShare");
      json.value(p.hotShare(), 3).name("rate").value(p.targetOpsPerSecond(), 0).endObject();
    }
    if (adaptive != null) {
      json.name("adaptive").value(adaptive);
    }
    RegretEvent.GainPredicted g = gain;
    if (g != null) {
      json.name("gain").object().name("bc").value(g.bhattacharyya(), 3);
      json.name("bcLow").value(g.bhattacharyyaLow(), 3).name("bcHigh");
      json.value(g.bhattacharyyaHigh(), 3).name("gain").value(g.gainFraction(), 4);
      json.name("gainLow").value(g.gainFractionLow(), 4).name("gainHigh");
      json.value(g.gainFractionHigh(), 4).name("slots").value(g.slots());
      json.name("reads").value(g.reads()).name("writes").value(g.writes()).endObject();
    }
    if (!regret.isEmpty()) {
      double nanos = regretSum(window -> (double) window.windowNanos());
      json.name("regret").object().name("spent");
      json.value(regretSum(RegretEvent.Measured::spentMicros), 0).name("best");
      json.value(regretSum(RegretEvent.Measured::hindsightMicros), 0).name("windowMs");
      json.value((long) nanos / 1_000_000).endObject();
    }
    json.endObject();
  }
}
