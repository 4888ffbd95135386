package dev.atll.torture;

import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Options;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.sstable.TableForger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Stores with long stretches of deletions, in tables some blocks of which have changed places under
 * right checksums: scans that go around what they know to be dead must come to an end there too, in
 * answers or as damage.
 */
final class Disorder {
  private static final int KEYS = 600;

  /** Live keys at the beginning of each stretch of so many. */
  private static final int STRETCH = 200;

  private static final int LIVE = 10;

  /** More than all entries of all tables: a scan that shows more goes in a circle. */
  private static final int STEPS_MAX = 4 * KEYS;

  private static final int SCANS = 12;

  private Disorder() {}

  /** Made once, on first use. */
  private static final class Made {
    static final OptionSet SET =
        new OptionSet(
            "disorder",
            OptionSet.named("synced").options().toBuilder()
                .compression(Options.Compression.NONE)
                .memtableBytes(1 << 20)
                .slotBytes(1 << 20)
                .partitionBytes(4096)
                .levelZeroSlow(100)
                .levelZeroMax(100)
                .flushOnClose(false)
                .levelCount(2)
                .build(),
            false,
            0,
            0);
    static final SimFileSystem FILES = make();

    private static SimFileSystem make() {
      World world = new World(new SimEnv(1), SET);
      world.open();
      AtllDb db = world.db();
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i), new byte[8]);
      }
      db.flush();
      for (int i = 0; i < KEYS; i++) {
        if (i % STRETCH >= LIVE) {
          db.delete(key(i));
        }
      }
      db.flush();
      return world.watch.sim().files().kill();
    }
  }

  private static byte[] key(int i) {
    return SmallStore.key(i).array();
  }

  /** Puts the tables of one store into disorder and scans it to and fro. */
  static void check(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try {
      use(forged(random), random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "tables in disorder: "
              + e
              + "; replay: mvn test -pl atll-core -am -Dtest=OutOfOrderTest -Datll.seed="
              + seed,
          e);
    }
  }

  private static SimFileSystem forged(SplittableRandom random) throws IOException {
    SimFileSystem forged = Made.FILES.kill();
    List<String> names;
    try (Storage storage = Made.FILES.open(World.DIRECTORY, false)) {
      names = storage.list();
    }
    for (String name : names) {
      if (name.endsWith(".sst")) {
        long number = Long.parseLong(name.replaceAll("\\D", ""));
        byte[] bytes = forged.read(SmallStore.path(name));
        forged.plant(
            SmallStore.path(name), TableForger.exchangeBlocks(bytes, number, name, random));
      }
    }
    return forged;
  }

  private static void use(SimFileSystem forged, SplittableRandom random) {
    SimEnv env = new SimEnv(1, forged);
    World world =
        new World(new Watch(env, forged, true), Made.SET, Made.SET.options(), new Model());
    try {
      world.open();
      AtllDb db = world.db();
      for (int i = 0; i < SCANS; i++) {
        scan(db, random);
        if (random.nextInt(3) == 0) {
          db.put(key(random.nextInt(2 * KEYS)), new byte[3]);
        }
      }
      world.close();
    } catch (AtllException e) {
      // Typed, as it should be.
    }
  }

  private static void scan(AtllDb db, SplittableRandom random) {
    boolean forward = random.nextBoolean();
    try (Cursor cursor = db.cursor(Range.ALL.forStore())) {
      boolean on = true;
      if (random.nextInt(3) == 0) {
        byte[] from = key(random.nextInt(KEYS));
        on = forward ? cursor.seek(from) : cursor.seekAtOrBefore(from);
      }
      int steps = 0;
      while (on && (forward ? cursor.next() : cursor.previous())) {
        steps++;
        if (steps > STEPS_MAX) {
          throw new AssertionError("a scan shows the same keys again and again");
        }
      }
    } catch (AtllException e) {
      // Typed, as it should be.
    }
  }
}
