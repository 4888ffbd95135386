package dev.atll.viz.model;

import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last decisions, each with its candidates, and later with what it cost and brought. */
final class DecisionBook implements Section {
  static final int ENTRIES_MAX = 60;
  static final int CANDIDATES_MAX = 10;
  private static final int JOBS_MAX = 256;
  private static final long REASONS_MILLIS = 60_000;
  // More than a busy engine decides in a minute.
  private static final int REASONS_MAX = 20_000;
  // With their candidates; a busy engine makes more than anybody can look at.
  private static final double TOLD_PER_SECOND = 8;
  private static final double TOLD_MOST = 24;

  private final LinkedHashMap<Long, Entry> entries = new LinkedHashMap<>();
  private final Map<Long, Long> decisionByJob = new LinkedHashMap<>();
  private final Set<Entry> changed = new LinkedHashSet<>();
  private final Allowance allowance = new Allowance(TOLD_PER_SECOND, TOLD_MOST);
  private @Nullable Entry holding;
  private long made;
  private long acted;
  private long explored;
  // Reasons of the last minute's choices, oldest first.
  private final Deque<Reasoned> reasons = new ArrayDeque<>();

  private record Reasoned(long millis, DecisionReason reason) {}

  private static final class Entry {
    final long id;
    long millis;
    DecisionEvent.Made made;
    // How often in a row "do nothing" was chosen; those share one entry.
    int repeats = 1;
    long bytesSpent = -1;
    @Nullable String outcome;
    DecisionEvent.@Nullable Rewarded reward;
    // Viewers know the choice itself, so that only its end has to be told.
    boolean told;

    Entry(DecisionEvent.Made made, long millis) {
      this.id = made.decisionId();
      this.made = made;
      this.millis = millis;
    }
  }

  void apply(DecisionEvent event, long millis) {
    switch (event) {
      case DecisionEvent.Made e -> made(e, millis);
      case DecisionEvent.Rewarded e -> {
        Entry entry = entries.get(e.decisionId());
        if (entry != null) {
          entry.reward = e;
          changed.add(entry);
        }
      }
      case DecisionEvent.Looked _, DecisionEvent.AdviserFailed _ -> {
        // What a policy saw is for replays; the page shows the tree itself.
      }
    }
  }

  /** Ties jobs to the decisions that asked for them. */
  void apply(CompactionEvent event) {
    switch (event) {
      case CompactionEvent.Scheduled e -> {
        if (entries.containsKey(e.decisionId())) {
          decisionByJob.put(e.jobId(), e.decisionId());
          trim(decisionByJob);
        }
      }
      case CompactionEvent.Started _,
          CompactionEvent.Progress _,
          CompactionEvent.SliceDone _,
          CompactionEvent.Quarantined _,
          CompactionEvent.Released _ -> {}
      case CompactionEvent.Finished e -> {
        Long decisionId = decisionByJob.remove(e.jobId());
        Entry entry = decisionId == null ? null : entries.get(decisionId);
        if (entry != null) {
          entry.bytesSpent = e.bytesIn() + e.bytesOut();
          entry.outcome = e.outcome().name();
          changed.add(entry);
        }
      }
    }
  }

  void forget() {
    decisionByJob.clear();
    reasons.clear();
    holding = null;
  }

  /** What another policy decided does not count for this one. */
  void policyChanged() {
    reasons.clear();
  }

  int size() {
    return entries.size();
  }

  private void made(DecisionEvent.Made e, long millis) {
    made++;
    if (e.explored()) {
      explored++;
    }
    while (!reasons.isEmpty()
        && (reasons.size() >= REASONS_MAX
            || reasons.getFirst().millis <= millis - REASONS_MILLIS)) {
      reasons.removeFirst();
    }
    Entry held = holding;
    if (e.chosen() < 0 && held != null) {
      held.repeats++;
      held.made = e;
      held.millis = millis;
      held.told = false;
      changed.add(held);
      return;
    }
    Entry entry = new Entry(e, millis);
    // Ids begin anew when a store is reopened; the newer one wins and goes to the end.
    Entry replaced = entries.remove(entry.id);
    if (replaced != null) {
      changed.remove(replaced);
    }
    entries.put(entry.id, entry);
    changed.add(entry);
    holding = e.chosen() < 0 ? entry : null;
    if (e.chosen() >= 0) {
      acted++;
      reasons.add(new Reasoned(millis, e.candidates().get(e.chosen()).reason()));
    }
    if (entries.size() > ENTRIES_MAX) {
      Entry oldest = entries.remove(entries.keySet().iterator().next());
      changed.remove(oldest);
    }
  }

  private static void trim(Map<Long, Long> map) {
    if (map.size() > JOBS_MAX) {
      map.remove(map.keySet().iterator().next());
    }
  }

  @Override
  public boolean dirty() {
    return !changed.isEmpty();
  }

  @Override
  public void writeFull(Json json) {
    writeCounts(json);
    json.name("decisions").array();
    entries.values().forEach(entry -> write(json, entry));
    json.endArray();
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    writeCounts(json);
    allowance.advance(nowMillis);
    json.name("decisions").array();
    for (Entry entry : changed) {
      if (entry.told) {
        json.object().name("id").value(entry.id).name("more").value(true);
        writeEnd(json, entry);
        json.endObject();
      } else if (allowance.any()) {
        allowance.take(1);
        write(json, entry);
        entry.told = true;
      }
    }
    json.endArray();
    changed.clear();
  }

  private void writeCounts(Json json) {
    json.name("decisionCounts").values(made, acted, explored);
    Map<DecisionReason, Integer> counts = new EnumMap<>(DecisionReason.class);
    reasons.forEach(reasoned -> counts.merge(reasoned.reason, 1, Integer::sum));
    json.name("reasons").array();
    counts.forEach((reason, times) -> json.array().value(reason.name()).value(times).endArray());
    json.endArray();
  }

  private static void write(Json json, Entry entry) {
    DecisionEvent.Made e = entry.made;
    json.object().name("id").value(entry.id).name("t").value(entry.millis);
    json.name("policy").value(e.policy().value()).name("theta").value(e.theta(), 6);
    json.name("price").value(e.price(), 6).name("arm").value(e.arm());
    json.name("propensity").value(e.propensity(), 3).name("explored").value(e.explored());
    json.name("planNanos").value(e.planNanos()).name("total").value(e.candidates().size());
    json.name("repeats").value(entry.repeats);
    writeCandidates(json, e);
    writeEnd(json, entry);
    json.endObject();
  }

  /** What it cost and brought, as far as that is known. */
  private static void writeEnd(Json json, Entry entry) {
    if (entry.bytesSpent >= 0) {
      json.name("spent").value(entry.bytesSpent);
    }
    if (entry.outcome != null) {
      json.name("outcome").value(entry.outcome);
    }
    DecisionEvent.Rewarded reward = entry.reward;
    if (reward != null) {
      json.name("reward").object().name("value").value(reward.reward(), 4);
      json.name("read").value(reward.readCostMicros(), 1);
      json.name("write").value(reward.writeCostMicros(), 1);
      json.name("space").value(reward.spaceCostMicros(), 1);
      json.name("delayMs").value(reward.delayNanos() / 1_000_000).endObject();
    }
  }

  // The best by index, and the chosen one even if it is not among them.
  private static void writeCandidates(Json json, DecisionEvent.Made e) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < e.candidates().size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingInt((Integer i) -> i == e.chosen() ? 0 : 1)
            .thenComparingInt(i -> e.candidates().get(i).urgent() ? 0 : 1)
            .thenComparingInt(i -> e.candidates().get(i).isFree() ? 0 : 1)
            .thenComparingDouble(i -> -e.candidates().get(i).index()));
    json.name("chosen").value(e.chosen() >= 0 ? 0 : -1).name("candidates").array();
    for (int i = 0; i < Math.min(CANDIDATES_MAX, order.size()); i++) {
      Candidate c = e.candidates().get(order.get(i));
      json.array().value(c.kind().name()).value(c.level()).value(c.slot());
      json.value(c.firstRun()).value(c.runs()).value(c.costBytes());
      json.value(c.burdenMicros(), 1).value(c.index(), 6).value(c.urgent());
      json.value(c.reason().name()).endArray();
    }
    json.endArray();
  }
}
