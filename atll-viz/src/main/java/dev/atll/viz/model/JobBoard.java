package dev.atll.viz.model;

import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compactions and flushes that wait, run, or ended a moment ago. */
final class JobBoard implements Section {
  static final int JOBS_MAX = 256;
  private static final int ENDED_MAX = 40;

  private final Map<Long, Job> jobs = new LinkedHashMap<>();
  private final Map<Long, Flush> flushes = new LinkedHashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();
  private final List<Ended> newlyEnded = new ArrayList<>();
  private boolean dirty;

  static final class Job {
    final long jobId;
    // 0 until it is known.
    long decisionId;
    final ActionKind kind;
    final int level;
    final int slot;
    final int targetLevel;
    final int runs;
    long bytesPlanned;
    long bytesDone;
    long sinceMillis;
    boolean running;

    Job(
        long jobId,
        ActionKind kind,
        int level,
        int slot,
        int targetLevel,
        int runs,
        long bytesPlanned,
        long sinceMillis) {
      this.jobId = jobId;
      this.kind = kind;
      this.level = level;
      this.slot = slot;
      this.targetLevel = targetLevel;
      this.runs = runs;
      this.bytesPlanned = bytesPlanned;
      this.sinceMillis = sinceMillis;
    }

    void write(Json json) {
      json.object().name("id").value(jobId).name("decision").value(decisionId);
      json.name("kind").value(kind.name()).name("level").value(level).name("slot").value(slot);
      json.name("target").value(targetLevel).name("runs").value(runs);
      json.name("planned").value(bytesPlanned).name("done").value(bytesDone);
      json.name("running").value(running).name("since").value(sinceMillis).endObject();
    }
  }

  private record Flush(long memtableId, long bytes, boolean running) {}

  private record Ended(
      long millis,
      long jobId,
      ActionKind kind,
      Outcome outcome,
      int level,
      int slot,
      int targetLevel,
      long bytesIn,
      long bytesOut,
      long entriesDropped,
      long nanos) {

    void write(Json json) {
      json.object().name("t").value(millis).name("id").value(jobId);
      json.name("kind").value(kind.name()).name("outcome").value(outcome.name());
      json.name("level").value(level).name("slot").value(slot).name("target").value(targetLevel);
      json.name("in").value(bytesIn).name("out").value(bytesOut);
      json.name("dropped").value(entriesDropped).name("ms").value(nanos / 1_000_000).endObject();
    }
  }

  void apply(CompactionEvent event, long millis) {
    dirty = true;
    switch (event) {
      case CompactionEvent.Scheduled e -> {
        Job job =
            new Job(
                e.jobId(),
                e.kind(),
                e.level(),
                e.slot(),
                e.targetLevel(),
                e.runs(),
                e.bytesPlanned(),
                millis);
        job.decisionId = e.decisionId();
        put(job);
      }
      case CompactionEvent.Started e -> {
        Job known = jobs.get(e.jobId());
        Job job =
            known != null
                ? known
                : new Job(
                    e.jobId(),
                    e.kind(),
                    e.level(),
                    e.slot(),
                    e.targetLevel(),
                    e.runs(),
                    e.bytesPlanned(),
                    millis);
        job.running = true;
        job.sinceMillis = millis;
        put(job);
      }
      case CompactionEvent.Progress e -> {
        Job job = jobs.get(e.jobId());
        if (job != null) {
          job.bytesDone = e.bytesDone();
          job.bytesPlanned = Math.max(e.bytesPlanned(), e.bytesDone());
        }
      }
      case CompactionEvent.SliceDone e -> {
        Job job = jobs.get(e.jobId());
        if (job != null) {
          job.bytesDone = Math.max(job.bytesDone, e.bytesIn());
        }
      }
      case CompactionEvent.Finished e -> {
        jobs.remove(e.jobId());
        long dropped =
            e.droppedShadowed()
                + e.droppedTombstones()
                + e.droppedExpired()
                + e.droppedRangeDeleted();
        end(
            new Ended(
                millis,
                e.jobId(),
                e.kind(),
                e.outcome(),
                e.level(),
                e.slot(),
                e.targetLevel(),
                e.bytesIn(),
                e.bytesOut(),
                dropped,
                e.nanos()));
      }
      case CompactionEvent.Quarantined _, CompactionEvent.Released _ -> {
        // The log tells of them; no job is under way there.
      }
    }
  }

  void apply(FlushEvent event) {
    dirty = true;
    switch (event) {
      case FlushEvent.Triggered e -> put(new Flush(e.memtableId(), e.memtableBytes(), false));
      case FlushEvent.Started e -> put(new Flush(e.memtableId(), e.memtableBytes(), true));
      case FlushEvent.Completed e -> flushes.remove(e.memtableId());
    }
  }

  @Nullable Job find(long jobId) {
    return jobs.get(jobId);
  }

  int jobCount() {
    return jobs.size();
  }

  void forget() {
    jobs.clear();
    flushes.clear();
    dirty = true;
  }

  // Should an end get lost, its job must not stay for ever.
  private void put(Job job) {
    jobs.put(job.jobId, job);
    if (jobs.size() > JOBS_MAX) {
      jobs.remove(jobs.keySet().iterator().next());
    }
  }

  private void put(Flush flush) {
    flushes.put(flush.memtableId, flush);
    if (flushes.size() > JOBS_MAX) {
      flushes.remove(flushes.keySet().iterator().next());
    }
  }

  private void end(Ended job) {
    ended.addLast(job);
    newlyEnded.add(job);
    if (ended.size() > ENDED_MAX) {
      ended.removeFirst();
    }
    if (newlyEnded.size() > ENDED_MAX) {
      newlyEnded.removeFirst();
    }
  }

  @Override
  public boolean dirty() {
    return dirty;
  }

  @Override
  public void writeFull(Json json) {
    writePresent(json);
    json.name("ended").array();
    ended.forEach(job -> job.write(json));
    json.endArray();
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    writePresent(json);
    if (!newlyEnded.isEmpty()) {
      json.name("ended").array();
      newlyEnded.forEach(job -> job.write(json));
      json.endArray();
      newlyEnded.clear();
    }
    dirty = false;
  }

  private void writePresent(Json json) {
    json.name("jobs").array();
    jobs.values().forEach(job -> job.write(json));
    json.endArray().name("flushes").array();
    for (Flush flush : flushes.values()) {
      json.object().name("id").value(flush.memtableId).name("bytes").value(flush.bytes);
      json.name("running").value(flush.running).endObject();
    }
    json.endArray();
  }
}
