package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.PolicyModel.ModelLevel;
import dev.atll.policy.PolicyModel.ModelSlot;
import java.util.ArrayList;
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
    List<String> all = new ArrayList<>(Policies.names());
    all.addAll(
        List.of(
            "fluid:K=2,Z=2", "fluid:K=64,Z=64", "ucs:W=-3/0/4", "ucs-adaptive:every=1", "flsm:runs=3",
            "binomial:k=2", "binomial:k=1", "spec:hot=0.3,cold=0.1"));
    return Arbitraries.of(all);
  }

  @Property(tries = 400)
  void comesToRestFromAnyTree(@ForAll @From("policies") String name, @ForAll long seed) {
    Random random = new Random(seed);
    PolicyModel tree = randomTree(random, false);
    BitSet before = tree.visible();
    CompactionPolicy policy = settle(name, tree, random);
    assertEquals(before, tree.visible());
    checkRest(policy, tree);
  }

  @Property(tries = 250)
  void comesToRestAroundLeasesAndNeverNamesThem(
      @ForAll @From("policies") String name, @ForAll long seed) {
    Random random = new Random(seed);
    PolicyModel tree = randomTree(random, true);
    BitSet before = tree.visible();
    settle(name, tree, random);
    assertEquals(before, tree.visible());
  }

  private static CompactionPolicy settle(String name, PolicyModel tree, Random random) {
    CompactionPolicy policy = Policies.byName(name, 1);
    CompactionPolicy twin = Policies.byName(name, 1);
    boolean byIndex = random.nextBoolean();
    for (int step = 0; ; step++) {
      TreeSnapshot now = tree.snapshot();
      List<Candidate> candidates = policy.candidates(now);
      assertEquals(candidates, twin.candidates(now));
      check(candidates, now);
      if (candidates.isEmpty()) {
        return policy;
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

  private static void checkRest(CompactionPolicy policy, PolicyModel tree) {
    String name = Spec.parse(policy.name()).name();
    int fanout = tree.settings.fanout();
    TreeSnapshot now = tree.snapshot();
    for (LevelFacts level : now.levels()) {
      boolean bottom = level.level() == now.levels().size();
      boolean ownSizes = name.startsWith("ucs");
      assertTrue(
          bottom || ownSizes || level.bytes() < level.bytesTarget(), "level " + level.level());
      for (SlotFacts slot : level.slots()) {
        // These say how many runs they allow; the others predict what pays.
        double most =
            name.equals("atll") || name.equals("greedy")
                ? fanout
                : policy.predictedRuns(now, slot);
        assertTrue(
            slot.runs().size() <= Math.min(most, tree.settings.runsCap() - 1),
            () -> name + " rests with " + slot);
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
            100 + random.nextInt(300),
            random.nextInt(3) == 0 ? 2 + random.nextInt(10) : Integer.MAX_VALUE);
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
        slot.getHeat = random.nextInt(3) * random.nextInt(1000);
        slot.seekHeat = random.nextInt(3) * random.nextInt(100);
        slot.writeHeat = random.nextInt(3) * random.nextInt(100_000);
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
