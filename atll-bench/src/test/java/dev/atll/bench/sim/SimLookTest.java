package dev.atll.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.RunFacts;
import dev.atll.policy.TreeSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimLookTest {
  private static final int BUCKETS = 64;

  private final SimSettings settings = SimSettings.defaults().toBuilder().levelCount(4).build();
  private final KeyModel keys = keys();
  private final SimTree tree = new SimTree(keys, settings);
  private final SimLook look = new SimLook(tree, settings);
  private long flushes;

  private static KeyModel keys() {
    double[] perBucket = new double[BUCKETS];
    Arrays.fill(perBucket, 100);
    return new KeyModel(perBucket, new Popularity.Uniform());
  }

  private void flush() {
    Content content = new Content(0, BUCKETS, false, false, false, true);
    Arrays.fill(Objects.requireNonNull(content.inserts), 20);
    content.seal(keys);
    flushes++;
    SimFile file = new SimFile(content.entries(0, BUCKETS));
    tree.flushed(tree.newRun(content, file, 0, BUCKETS, 0, 0, flushes));
    tree.admit();
  }

  /** What is seen when nothing is remembered. */
  private TreeSnapshot afresh() {
    for (int i = 1; i <= tree.levelCount(); i++) {
      tree.slots(i).forEach(SimSlot::forget);
    }
    return new SimLook(tree, settings).take(1, List.of(), 0);
  }

  @Test
  void aLevelOfWhichNothingChangedIsGivenAgain() {
    flush();
    TreeSnapshot first = look.take(1, List.of(), 0);
    tree.slots(3).get(0).heat(1, 0, 0);
    tree.slots(3).get(0).forget();
    TreeSnapshot second = look.take(1, List.of(), 0);
    assertSame(first.level(1), second.level(1));
    assertSame(first.level(4), second.level(4));
    assertEquals(1, second.level(3).slots().get(0).getHeat());
  }

  @Test
  void aFileThatDiesInAnotherSlotIsSeen() {
    flush();
    SimActions.split(tree, tree.slots(1).get(0));
    look.take(1, List.of(), 0);
    SimSlot left = tree.slots(1).get(0);
    tree.hide(left.runs.remove(0));
    left.changed();
    RunFacts right = look.take(1, List.of(), 0).level(1).slots().get(1).runs().get(0);
    assertTrue(right.fileDeadPermille() > 400, "half of the file is dead: " + right);
  }

  @Test
  void whatIsRememberedIsWhatIsThere() {
    Random random = new Random(11);
    for (int step = 0; step < 400; step++) {
      int level = 1 + random.nextInt(3);
      SimSlot slot = tree.slots(level).get(random.nextInt(tree.slots(level).size()));
      switch (random.nextInt(4)) {
        case 0 -> flush();
        case 1 -> SimActions.split(tree, slot);
        case 2 -> SimActions.moveDown(tree, slot, 0);
        default -> {
          slot.heat(3, 1, 0);
          slot.forget();
        }
      }
      TreeSnapshot seen = look.take(1, List.of(), 0);
      for (LevelFacts fresh : afresh().levels()) {
        assertEquals(fresh, seen.level(fresh.level()));
      }
    }
  }
}
