package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.PolicyModel.ModelLevel;
import dev.atll.policy.PolicyModel.ModelSlot;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** From any tree a policy comes to rest, whichever of its candidates are done first. */
final class PolicyRestProperties {
  private static final int STEPS_MAX = 5_000;
  private static final UnitCosts COSTS = new UnitCosts(50, 1000, 2000, 0.2, 0.8);

  @Provide
  Arbitrary<String> policies() {
    return Arbitraries.of(Policies.names());
  }

  @Property(tries = 150)
  void comesToRestFromAnyTree(@ForAll @From("policies") String name, @ForAll long seed) {
    Random random = new Random(seed);
    PolicyModel tree = randomTree(random, false);
    CompactionPolicy policy = Policies.byName(name, 1);
    BitSet before = tree.visible();
    settle(policy, tree, random);
    assertEquals(before, tree.visible());
    checkRest(name, tree);
  }

  @Property(tries = 100)
  void comesToRestAroundLeasesAndNeverNamesThem(
      @ForAll @From("policies") String name, @ForAll long seed) {
    Random random = new Random(seed);
    PolicyModel tree = randomTree(random, true);
    BitSet before = tree.visible();
    settle(Policies.byName(name, 1), tree, random);
    assertEquals(before, tree.visible());
  }

  private static void settle(CompactionPolicy policy, PolicyModel tree, Random random) {
    boolean byIndex = random.nextBoolean();
    for (int step = 0; ; step++) {
      TreeSnapshot now = tree.snapshot();
      List<Candidate> candidates = policy.candidates(now);
      assertEquals(candidates, policy.candidates(now));
      check(candidates, now);
      if (candidates.isEmpty()) {
        return;
      }
      assertTrue(step < STEPS_MAX, () -> "no rest: " + candidates);
      tree.apply(candidates.get(byIndex ? 0 : random.nextInt(candidates.size())).action());
      tree.checkGuards();
    }
  }

  private static void check(List<Candidate> candidates, TreeSnapshot now) {
    for (int i = 0; i < candidates.size(); i++) {
      Candidate c = candidates.get(i);
      SlotFacts slot = now.level(c.action().level()).slots().get(c.action().slot());
      assertFalse(slot.leased(), c::toString);
      assertTrue(c.index() > 0 && c.index() < Double.POSITIVE_INFINITY, c::toString);
      assertTrue(c.bytesRead() >= 0 && c.costNanos() >= 0 && c.burdenNanos() >= 0, c::toString);
      if (i > 0) {
        Candidate earlier = candidates.get(i - 1);
        assertTrue(earlier.urgent() || !c.urgent(), "urgent ones come first");
        assertTrue(earlier.urgent() != c.urgent() || earlier.index() >= c.index());
      }
    }
  }

  private static void checkRest(String name, PolicyModel tree) {
    int fanout = tree.settings.fanout();
    int deepest = tree.deepest();
    TreeSnapshot now = tree.snapshot();
    for (LevelFacts level : now.levels()) {
      boolean bottom = level.level() == now.levels().size();
      assertTrue(bottom || level.bytes() < level.bytesTarget(), "level " + level.level());
      for (SlotFacts slot : level.slots()) {
        int most =
            switch (name) {
              case "leveled" -> 1;
              case "tiered" -> fanout - 1;
              case "lazy" -> slot.level() < deepest ? fanout - 1 : 1;
              default -> Math.min(fanout, tree.settings.runsCap() - 1);
            };
        assertTrue(slot.runs().size() <= most, () -> name + " rests with " + slot);
      }
    }
  }

  /** Nested guards, runs of any size anywhere, far beyond targets or nearly empty. */
  private static PolicyModel randomTree(Random random, boolean leases) {
    int fanout = 2 + random.nextInt(5);
    long memtable = ModelRun.ENTRY_BYTES * (8L + random.nextInt(40));
    PolicySettings settings =
        new PolicySettings(
            memtable,
            fanout,
            Math.max(1, memtable / (1 + random.nextInt(5))),
            4 + random.nextInt(12),
            1.05 + random.nextDouble(),
            Long.MAX_VALUE,
            100 + random.nextInt(300));
    PolicyModel tree = new PolicyModel(settings, COSTS, 1 + random.nextInt(4));
    int keySpace = 200 << random.nextInt(4);
    for (int level = 1; level <= tree.levels.size(); level++) {
      int guards = random.nextInt(4);
      for (int i = 0; i < guards; i++) {
        int key = 1 + random.nextInt(keySpace);
        for (int deeper = level; deeper <= tree.levels.size(); deeper++) {
          ModelLevel l = tree.level(deeper);
          if (!l.guards.contains(key)) {
            PolicyModel.cut(l, key);
          }
        }
      }
    }
    for (ModelLevel l : tree.levels) {
      for (int s = 0; s < l.slots.size(); s++) {
        ModelSlot slot = l.slots.get(s);
        slot.leased = leases && random.nextInt(4) == 0;
        for (int r = random.nextInt(5); r > 0; r--) {
          ModelRun run = randomRun(random, l.low(s), Math.min(keySpace, l.high(s)));
          if (run.keys.length > 0) {
            slot.runs.add(run);
          }
        }
      }
    }
    return tree;
  }

  private static ModelRun randomRun(Random random, int low, int high) {
    TreeSet<Integer> keys = new TreeSet<>();
    int count = random.nextInt(1 << (1 + random.nextInt(8)));
    for (int i = 0; i < count && high > low; i++) {
      keys.add(low + random.nextInt(high - low));
    }
    boolean[] deletes = new boolean[keys.size()];
    int deleting = random.nextInt(3);
    for (int i = 0; i < deletes.length; i++) {
      deletes[i] = random.nextInt(6) < deleting;
    }
    ModelRun run = new ModelRun(keys.stream().mapToInt(k -> k).toArray(), deletes);
    run.probes = random.nextInt(1 << random.nextInt(16));
    run.falsePositives = run.probes / 50;
    run.seeks = random.nextInt(1 << random.nextInt(10));
    run.fileDeadPermille = random.nextInt(4) == 0 ? random.nextInt(1000) : 0;
    return run;
  }
}
