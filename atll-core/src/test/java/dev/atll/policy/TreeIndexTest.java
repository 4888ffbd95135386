package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A tree that is kept from look to look against the same tree made anew. */
class TreeIndexTest {
  private static final int LEVELS = 4;
  private static final int HISTORIES = Integer.getInteger("atll.index.histories", 60);
  private static final int LOOKS = 60;

  /** A run with what its facts are made of. */
  private record Run(RunFacts facts, long since, long revision) {
    RunFacts at(long nowMillis, long droppable) {
      long age = since == 0 || facts.tombstones() == 0 ? 0 : nowMillis - since;
      return facts.aged(age, revision > droppable);
    }
  }

  private static final class Slot {
    final long id;
    final int low;
    boolean leased;
    boolean splittable = true;
    List<Run> runs = new ArrayList<>();
    double gets;
    double seeks;
    double bytes;

    Slot(long id, int low) {
      this.id = id;
      this.low = low;
    }
  }

  /** One random history. */
  private static final class History {
    final SplittableRandom random;
    final PolicySettings settings;
    final TreeIndex index;
    final List<List<Slot>> levels = new ArrayList<>();
    final UnitCosts cheap = new UnitCosts(25, 400, 1000, 0.3, 1.1);
    UnitCosts costs = cheap;
    double theta = 1;
    long nowMillis = 1_000_000;
    long droppable;
    long ids;
    List<RunFacts> zero = List.of();

    History(long seed) {
      random = new SplittableRandom(seed);
      settings =
          new PolicySettings(
              1000,
              3,
              300 + random.nextInt(300),
              3 + random.nextInt(8),
              1.02 + random.nextDouble(),
              random.nextInt(4) == 0 ? 5000 : PolicySettings.OFF,
              1 + random.nextInt(500),
              random.nextInt(4) == 0 ? 12 : PolicySettings.OFF);
      index = new TreeIndex(settings);
      for (int i = 0; i < LEVELS; i++) {
        levels.add(new ArrayList<>(List.of(new Slot(++ids, 0))));
      }
    }

    boolean once(int inSo) {
      return random.nextInt(inSo) == 0;
    }

    int starting(int level, int key) {
      List<Slot> slots = levels.get(level - 1);
      for (int s = 0; s < slots.size(); s++) {
        if (slots.get(s).low == key) {
          return s;
        }
      }
      return -1;
    }

    void look(boolean first) {
      double decay = once(5) ? 1 : Math.pow(0.5, random.nextDouble() / (once(10) ? 1 : 100));
      nowMillis += once(3) ? random.nextInt(200) : 0;
      droppable += once(3) ? random.nextInt(5) : once(20) ? -random.nextInt(5) : 0;
      index.begin(decay, droppable, nowMillis);
      for (List<Slot> level : levels) {
        for (Slot slot : level) {
          slot.gets *= decay;
          slot.seeks *= decay;
          slot.bytes *= decay;
        }
      }
      if (first || once(4)) {
        cut(first);
      }
      for (int i = random.nextInt(first ? 40 : 6); i > 0; i--) {
        int level = 1 + random.nextInt(LEVELS);
        change(level, random.nextInt(levels.get(level - 1).size()));
      }
      for (int i = random.nextInt(6); i > 0; i--) {
        warm();
      }
      zero = once(3) ? List.of(run(0).at(nowMillis, droppable)) : zero;
      theta = once(20) ? 0.25 + random.nextDouble() : once(10) ? theta * 1.1 : theta;
      costs = once(40) ? new UnitCosts(25, 400, 1000, 0.4 * random.nextDouble(), 1) : costs;
    }

    /** Cuts and joins slots; says so with ranks before and after. */
    private void cut(boolean first) {
      List<List<Slot>> before = new ArrayList<>();
      levels.forEach(level -> before.add(new ArrayList<>(level)));
      List<Slot> other = new ArrayList<>();
      for (int n = first ? 30 : 1 + random.nextInt(2); n > 0; n--) {
        int level = 1 + random.nextInt(LEVELS);
        int key = random.nextInt(1, 1000);
        if (first || once(2)) {
          for (int i = level; i <= LEVELS; i++) {
            split(i, key, other);
          }
        } else {
          join(level, other);
        }
      }
      boolean changed = first;
      for (int i = 1; i <= LEVELS; i++) {
        List<Slot> was = before.get(i - 1);
        List<Slot> is = levels.get(i - 1);
        if (first || !was.equals(is)) {
          int[] from = new int[is.size()];
          for (int s = 0; s < from.length; s++) {
            from[s] = first ? -1 : was.indexOf(is.get(s));
          }
          index.reshape(i, from);
          changed = true;
        }
      }
      for (int i = 1; changed && i <= LEVELS; i++) {
        index.nest(i, i < LEVELS ? starts(i) : new int[0]);
      }
      for (int i = 1; i <= LEVELS; i++) {
        for (int s = 0; s < levels.get(i - 1).size(); s++) {
          Slot slot = levels.get(i - 1).get(s);
          if (first || other.contains(slot) || !before.get(i - 1).contains(slot)) {
            put(i, s);
          }
        }
      }
    }

    private void split(int level, int key, List<Slot> other) {
      List<Slot> slots = levels.get(level - 1);
      int at = 0;
      while (at < slots.size() && slots.get(at).low < key) {
        at++;
      }
      if (at < slots.size() && slots.get(at).low == key) {
        return;
      }
      Slot left = slots.get(at - 1);
      Slot right = new Slot(++ids, key);
      left.runs.forEach(run -> right.runs.addAll(once(2) ? List.of(run) : List.of()));
      left.runs = new ArrayList<>(left.runs);
      left.runs.removeAll(right.runs);
      slots.add(at, right);
      other.add(left);
    }

    private void join(int level, List<Slot> other) {
      List<Slot> slots = levels.get(level - 1);
      int at = random.nextInt(slots.size());
      if (at == 0 || (level > 1 && starting(level - 1, slots.get(at).low) >= 0)) {
        return;
      }
      slots.get(at - 1).runs.addAll(slots.remove(at).runs);
      other.add(slots.get(at - 1));
    }

    private int[] starts(int level) {
      List<Slot> slots = levels.get(level - 1);
      int[] starts = new int[slots.size() + 1];
      for (int s = 0; s < slots.size(); s++) {
        starts[s] = starting(level + 1, slots.get(s).low);
      }
      starts[slots.size()] = levels.get(level).size();
      return starts;
    }

    private Run run(int level) {
      boolean deletes = once(3);
      long probes = once(2) ? 0 : random.nextInt(once(4) ? 40 : 4);
      RunFacts facts =
          new RunFacts(
              ++ids,
              random.nextInt(1, 40 << level),
              random.nextInt(1, 20),
              deletes ? random.nextInt(6) : 0,
              random.nextInt(1000),
              0,
              false,
              once(4) ? random.nextInt(1000) : 0,
              probes,
              probes / 2,
              once(3) ? 1 : 0,
              0,
              once(4) ? random.nextInt(3) : 0,
              once(3) ? random.nextInt(1000) : 0);
      return new Run(facts, deletes ? nowMillis - random.nextInt(4000) : 0, random.nextInt(40));
    }

    private void change(int level, int rank) {
      Slot slot = levels.get(level - 1).get(rank);
      slot.leased = slot.leased ? once(3) : once(10);
      slot.splittable = !once(10);
      slot.runs = new ArrayList<>(slot.runs);
      if (once(3)) {
        slot.runs.clear();
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        slot.runs.add(0, run(level));
      }
      if (!slot.runs.isEmpty() && once(2)) {
        int at = random.nextInt(slot.runs.size());
        Run run = slot.runs.get(at);
        slot.runs.set(at, new Run(run(level).facts(), run.since(), run.revision()));
      }
      put(level, rank);
    }

    private void put(int level, int rank) {
      Slot slot = levels.get(level - 1).get(rank);
      List<RunFacts> facts = new ArrayList<>();
      slot.runs.forEach(run -> facts.add(run.at(nowMillis, droppable)));
      index.put(
          level,
          rank,
          slot.id,
          slot.leased,
          slot.splittable,
          RunFacts.slot(facts),
          slot.runs.stream().mapToLong(Run::since).toArray(),
          slot.runs.stream().mapToLong(Run::revision).toArray());
    }

    private void warm() {
      int level = 1 + random.nextInt(LEVELS);
      int rank = random.nextInt(levels.get(level - 1).size());
      Slot slot = levels.get(level - 1).get(rank);
      long gets = random.nextInt(3);
      long seeks = random.nextInt(2);
      long bytes = random.nextInt(100);
      slot.gets += gets;
      slot.seeks += seeks;
      slot.bytes += bytes;
      index.heat(level, rank, gets, seeks, bytes);
    }

    /** The tree made anew. */
    TreeSnapshot anew() {
      List<LevelFacts> facts = new ArrayList<>();
      double target = settings.memtableBytes();
      for (int i = 1; i <= LEVELS; i++) {
        target *= settings.fanout();
        int[] starts = i < LEVELS ? starts(i) : null;
        List<SlotFacts> slots = new ArrayList<>();
        for (Slot slot : levels.get(i - 1)) {
          int s = slots.size();
          slots.add(
              new SlotFacts(
                  i,
                  s,
                  slot.id,
                  slot.leased,
                  slot.splittable,
                  starts == null ? -1 : starts[s],
                  starts == null ? -1 : starts[s + 1] - 1,
                  slot.gets,
                  slot.seeks,
                  slot.bytes,
                  slot.runs.stream().map(run -> run.at(nowMillis, droppable)).toList()));
        }
        facts.add(LevelFacts.of(i, (long) target, settings, slots));
      }
      return new TreeSnapshot(settings, costs, theta, uniform(), zero, facts);
    }

    List<Integer> uniform() {
      return ids % 17 == 0 ? List.of(2, 1, 3) : List.of();
    }
  }

  @Test
  void looksAndCandidatesAreThoseOfTheSameTreeMadeAnew() {
    Set<Reason> met = EnumSet.noneOf(Reason.class);
    long offered = 0;
    for (long seed = 1; seed <= HISTORIES; seed++) {
      History history = new History(seed);
      CompactionPolicy kept = new AtllPolicy();
      CompactionPolicy leveled = Policies.byName("leveled", 1);
      for (int look = 0; look < LOOKS; look++) {
        String where = "seed " + seed + " look " + look;
        history.look(look == 0);
        TreeSnapshot anew = history.anew();
        TreeSnapshot now =
            history.index.snapshot(
                history.costs, history.theta, history.uniform(), history.zero);
        if (history.random.nextInt(10) > 0) { // else the policy misses a look
          List<Candidate> wanted = new AtllPolicy().candidates(anew);
          assertEquals(wanted, kept.candidates(now), where);
          wanted.forEach(candidate -> met.add(candidate.reason()));
          offered += wanted.size();
        }
        assertEquals(leveled.candidates(anew), leveled.candidates(now), where);
        assertEquals(anew, now, where);
        assertEquals(anew, now.fixed(), where);
      }
    }
    assertEquals(EnumSet.allOf(Reason.class), met);
    assertTrue(offered > HISTORIES * LOOKS, "candidates enough to compare: " + offered);
  }
}
