package dev.atll.bench.deciding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Stats;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeMakerTest {
  @TempDir private Path directory;

  @Test
  void aTreeHasItsSlotsAndItsKeys() throws IOException {
    TreeShape shape = new TreeShape(120, 2, 4096, 16 << 10);
    new TreeMaker(shape).make(directory);
    WorkClock.Measured env = new WorkClock.Measured();
    try (AtllDb db = Atll.open(directory, shape.options(), Observer.none(), env)) {
      List<Stats.LevelStats> levels = db.stats().levels();
      assertEquals(12, levels.get(1).slotRuns().size());
      assertEquals(108, levels.get(2).slotRuns().size());
      long entries = shape.entries(1) + shape.entries(2);
      assertEquals(entries, entries(levels), 0.02 * entries, "runs estimate their entries");
      for (long rank = 0; rank < shape.keys(); rank += 7) {
        assertTrue(db.get(shape.key(rank)) != null);
      }
      assertArrayEquals(TreeShape.value(1), db.get(shape.key(1)));
      db.put(shape.key(1), TreeShape.value(5));
      assertArrayEquals(TreeShape.value(5), db.get(shape.key(1)));
    } finally {
      env.workers().close();
    }
  }

  private static long entries(List<Stats.LevelStats> levels) {
    return levels.stream().mapToLong(Stats.LevelStats::entries).sum();
  }

  @Test
  void aShapeHasAsManySlotsAsWereAskedFor() {
    for (int slots : new int[] {100, 1700, 60_000}) {
      TreeShape shape = TreeShape.of(slots);
      int sum = 0;
      for (int level = 1; level <= shape.depth(); level++) {
        sum += shape.slots(level);
      }
      assertEquals(slots, sum);
    }
  }
}
