package dev.atll.bench.deciding;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Stats;
import dev.atll.bench.deciding.WorkClock.Spent;
import dev.atll.env.Work;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A process that makes a tree of so many slots and puts a steady load on it: writes everywhere and as many
 * reads, nine in ten of which go to a tenth of the keys. Prints a line for each round.
 */
final class DecidingFork {
  // A round is as many writes as fill so many memtables, and as many reads.
  private static final int MEMTABLES_A_ROUND = 20;
  private static final long SEED = 42;

  // Merges keep up with the load, on a slow machine too, so that the same decisions are measured.
  private static final Duration SETTLE = Duration.ofMinutes(2);

  /** How the line of a round that counts begins. */
  static final String ROUND = "round";

  private final TreeShape shape;
  private final SplittableRandom random = new SplittableRandom(SEED);

  private DecidingFork(TreeShape shape) {
    this.shape = shape;
  }

  /** Arguments: slots, rounds to warm up, rounds to measure, a directory for the store. */
  public static void main(String[] args) throws IOException {
    DecidingFork fork = new DecidingFork(TreeShape.of(Integer.parseInt(args[0])));
    fork.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Path.of(args[3]));
  }

  private void run(int warmUps, int rounds, Path directory) throws IOException {
    long began = System.nanoTime();
    new TreeMaker(shape).make(directory);
    System.err.printf(Locale.ROOT, "made in %.1f s%n", (System.nanoTime() - began) / 1e9);
    WorkClock.Measured env = new WorkClock.Measured();
    try (AtllDb db = Atll.open(directory, shape.options(), Observer.none(), env)) {
      for (int round = -warmUps; round < rounds; round++) {
        Spent spentBefore = env.clock().spent();
        Stats before = db.stats();
        began = System.nanoTime();
        work(db);
        double seconds = (System.nanoTime() - began) / 1e9;
        Stats after = db.stats();
        Spent spent = env.clock().spent().since(spentBefore);
        StringBuilder line = new StringBuilder(round < 0 ? "warm-up" : ROUND);
        for (Work work : Work.values()) {
          line.append(' ').append(spent.on(work));
        }
        line.append(' ').append(spent.looks());
        line.append(' ').append(after.compactions() - before.compactions());
        line.append(' ').append(after.moves() - before.moves());
        line.append(' ').append(after.compactionBytesWritten() - before.compactionBytesWritten());
        line.append(' ').append(slots(after));
        line.append(String.format(Locale.ROOT, " %.3f", seconds));
        System.out.println(line);
      }
    } finally {
      env.workers().close();
    }
  }

  private static long slots(Stats stats) {
    long slots = 0;
    for (Stats.LevelStats level : stats.levels()) {
      slots += level.level() > 0 && level.bytes() > 0 ? level.slotRuns().size() : 0;
    }
    return slots;
  }

  private void work(AtllDb db) {
    long each = shape.memtableBytes() / TreeShape.entryBytes();
    long keys = shape.keys();
    long hot = keys / 10;
    for (long i = 0; i < MEMTABLES_A_ROUND * each; i++) {
      db.put(shape.key(random.nextLong(keys)), TreeShape.value(random.nextLong()));
      long rank = random.nextInt(10) > 0 ? 3 * hot + random.nextLong(hot) : random.nextLong(keys);
      if (db.get(shape.key(rank)) == null) {
        throw new IllegalStateException("a key is missing");
      }
      if (i % each == each - 1 && !db.settle(SETTLE)) {
        throw new IllegalStateException("merges do not keep up");
      }
    }
  }
}
