package dev.atll.replay;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows every slot from look to look and tells apart what arrived, what was merged, and what went
 * down, by the revisions that runs stand for: a merge's output stands for those of all its inputs.
 * Arrivals between two looks that were merged at once count as one. Not thread-safe.
 */
final class EpisodeBook {
  /** A slot being followed. */
  private static final class Line {
    final SlotEpisode episode;
    // Highest revision of each arrival, oldest first, and the lowest of all.
    final List<Long> lastRevisions = new ArrayList<>();
    long firstRevision = Long.MIN_VALUE;
    // How many arrivals there are up to the end of each run, oldest run first.
    List<Integer> runEnds = new ArrayList<>();
    SlotFacts facts;

    Line(SlotEpisode episode, SlotFacts facts) {
      this.episode = episode;
      this.facts = facts;
    }

    long lastRevision() {
      return lastRevisions.isEmpty() ? Long.MIN_VALUE : lastRevisions.getLast();
    }

    /** Whether no run was where this one is, from an arrival to before another. */
    boolean isNewRun(int first, int end) {
      int place = runEnds.indexOf(end);
      return place < 0 || (place == 0 ? 0 : runEnds.get(place - 1)) != first;
    }
  }

  private final int arrivalsMax;
  private final Consumer<SlotEpisode> ended;
  private final Map<Integer, ReadPrices> prices = new HashMap<>();
  private Map<Long, Line> lines = new LinkedHashMap<>();
  private long lookedAtNanos;

  /**
   * Creates it; each episode that ends is handed over.
   *
   * @param arrivalsMax arrivals after which an episode is cut: the optimum takes their third power in
   *     time
   */
  public EpisodeBook(int arrivalsMax, Consumer<SlotEpisode> ended) {
    this.arrivalsMax = arrivalsMax;
    this.ended = ended;
  }

  /** What reads were seen to pay for runs beyond the first, at one level. */
  public ReadPrices prices(int level) {
    return prices.computeIfAbsent(level, l -> new ReadPrices());
  }

  /** Takes the next look. */
  public void look(Look look) {
    look(
        look.event().timeNanos(),
        look.snapshot(),
        look.event().decay(),
        runId -> Objects.requireNonNull(look.spans().get(runId)));
  }

  /**
   * Takes the next look.
   *
   * @param timeNanos engine clock
   * @param decay factor on all heats since the look before
   * @param spans revisions of each run
   */
  public void look(
      long timeNanos, TreeSnapshot now, double decay, RunSpans spans) {
    lookedAtNanos = timeNanos;
    Map<Long, Line> before = lines;
    lines = new LinkedHashMap<>();
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        Line line = before.remove(slot.slotId());
        if (line != null) {
          SlotFacts was = line.facts;
          read(line, slot, decay, now.costs());
          if (!follow(line, was, slot, spans)) {
            end(line);
            line = null;
          }
        }
        lines.put(slot.slotId(), line == null ? begin(slot, spans) : line);
      }
    }
    if (!before.isEmpty()) {
      endJoined(before.values(), spans);
    }
  }

  /** Ends everything under way, as when looks are missing or over. */
  public void end() {
    lines.values().forEach(this::end);
    lines = new LinkedHashMap<>();
  }

  /** Slots are gone: their neighbours hold what they held, so that these begin anew as well. */
  private void endJoined(Collection<Line> gone, RunSpans spans) {
    Set<Integer> levels = new HashSet<>();
    for (Line line : gone) {
      levels.add(line.episode.level());
      end(line);
    }
    for (Map.Entry<Long, Line> entry : lines.entrySet()) {
      Line line = entry.getValue();
      if (levels.contains(line.episode.level()) && line.episode.arrivalsSeen() > 0) {
        end(line);
        entry.setValue(begin(line.facts, spans));
      }
    }
  }

  private Line begin(SlotFacts slot, RunSpans spans) {
    Line line =
        new Line(new SlotEpisode(slot.level(), slot.slotId(), slot.rank(), lookedAtNanos), slot);
    for (RunFacts run : slot.runs().reversed()) {
      arrive(line, (double) run.bytes(), added(run), span(run, spans), false);
      line.runEnds.add(line.lastRevisions.size());
    }
    return line;
  }

  private void end(Line line) {
    if (line.episode.arrivals() > 0) {
      ended.accept(line.episode);
    }
  }

  private void read(Line line, SlotFacts now, double decay, UnitCosts costs) {
    SlotFacts was = line.facts;
    double gets = Math.max(0, now.getHeat() - was.getHeat() * decay);
    double seeks = Math.max(0, now.seekHeat() - was.seekHeat() * decay);
    int runs = was.runs().size();
    line.episode.read(gets, seeks, runs);
    line.episode.seenAt(lookedAtNanos, now.rank());
    line.facts = now;
    if (runs > 1) {
      countPaid(was, now, gets, costs);
      prices(now.level()).addSeeks(seeks * (runs - 1), was.missNanos());
    }
  }

  /**
   * What gets paid since at the boundaries within the slot, if its runs are still the same: one that
   * is gone took its counts along.
   */
  private void countPaid(SlotFacts was, SlotFacts now, double gets, UnitCosts costs) {
    int newer = now.runs().size() - was.runs().size();
    double paid = 0;
    for (int i = 0; i < was.runs().size(); i++) {
      RunFacts before = was.runs().get(i);
      if (newer < 0 || now.runs().get(newer + i).runId() != before.runId()) {
        return;
      }
      if (i < was.runs().size() - 1) {
        RunFacts after = now.runs().get(newer + i);
        paid +=
            (after.probes() - before.probes()) * costs.probeNanos()
                + (after.falsePositives() - before.falsePositives())
                    * (costs.blockReadNanos() + after.missNanos());
      }
    }
    prices(now.level()).add(gets * (was.runs().size() - 1), Math.max(0, paid));
  }

  /** Carries an episode on; false if it is over. */
  private boolean follow(
      Line line, SlotFacts was, SlotFacts now, RunSpans spans) {
    if (line.lastRevisions.size() >= arrivalsMax) {
      return false;
    }
    if (LookState.ids(was.runs()).equals(LookState.ids(now.runs()))) {
      return true;
    }
    List<Integer> ends = ends(line, now, spans);
    if (ends == null || hasOtherRuns(line, was, now, spans, ends)) {
      return false;
    }
    List<Integer> runEnds = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < ends.size(); i++) {
      RunFacts run = now.runs().get(ends.size() - 1 - i);
      RevisionSpan span = span(run, spans);
      int end = Math.max(ends.get(i), first);
      boolean arrives = span.last() > line.lastRevision();
      if (arrives) {
        double held = end > first ? line.episode.size(first, end - 1) : 0;
        double size = end > first ? bytesIn(was, now, run.bytes() - held) : run.bytes();
        double added = end > first ? run.bytes() - held : added(run);
        arrive(line, size, added, span, true);
        end = line.lastRevisions.size();
      }
      if (end - first > 1 && line.isNewRun(first, end)) {
        line.episode.merge(first, end - 1, arrives);
      }
      runEnds.add(end);
      first = end;
    }
    line.runEnds = runEnds;
    return true;
  }

  /**
   * How many of the known arrivals there are up to the end of each run, oldest run first; null if the
   * runs are not the known arrivals, each whole and in order, and newer ones.
   */
  private static @Nullable List<Integer> ends(
      Line line, SlotFacts now, RunSpans spans) {
    List<Long> last = line.lastRevisions;
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    for (RunFacts run : now.runs().reversed()) {
      RevisionSpan span = span(run, spans);
      int first = at;
      while (at < last.size() && last.get(at) <= span.last()) {
        at++;
      }
      boolean startsWhole =
          first == 0
              ? last.isEmpty() || span.first() == line.firstRevision
              : span.first() > last.get(first - 1);
      boolean endsWhole = at == last.size() || (at > first && last.get(at - 1) == span.last());
      if (!startsWhole || !endsWhole) {
        return null;
      }
      ends.add(at);
    }
    return at == last.size() ? ends : null;
  }

  /** Whether some run holds the same arrivals as before and yet is another: it was cut, or purged. */
  private static boolean hasOtherRuns(
      Line line, SlotFacts was, SlotFacts now, RunSpans spans, List<Integer> ends) {
    int first = 0;
    for (int i = 0; i < ends.size(); i++) {
      int end = ends.get(i);
      RunFacts run = now.runs().get(ends.size() - 1 - i);
      boolean arrives = span(run, spans).last() > line.lastRevision();
      if (!arrives && end > first && !line.isNewRun(first, end)) {
        int place = line.runEnds.indexOf(end);
        if (was.runs().get(was.runs().size() - 1 - place).runId() != run.runId()) {
          return true;
        }
      }
      first = end;
    }
    return false;
  }

  private static void arrive(
      Line line, double size, double added, RevisionSpan span, boolean seen) {
    if (line.lastRevisions.isEmpty()) {
      line.firstRevision = span.first();
    }
    // A flush reaches level 1 without another write; what comes deeper was merged on the way. What
    // moved down for nothing found no run below, so that it makes no difference.
    boolean written = seen && line.episode.level() > 1;
    line.episode.arrive(Math.max(0, size), Math.max(0, added), written, seen);
    line.lastRevisions.add(span.last());
  }

  /** Bytes that entered a slot since the last look, or what is known to have been added. */
  private static double bytesIn(SlotFacts was, SlotFacts now, double known) {
    return Math.max(known, now.writeHeat() - was.writeHeat());
  }

  private static double added(RunFacts run) {
    return run.bytes() * (1000.0 - run.overwritePermille()) / 1000;
  }

  private static RevisionSpan span(RunFacts run, RunSpans spans) {
    return spans.of(run.runId());
  }
}
