package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Options;
import dev.atll.env.Storage;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small store with something in each kind of file, to be damaged: tables on several levels with
 * deletions, a manifest, and a log with more behind it.
 *
 * @param files as its process left them, all of it on the device
 * @param oldest the first state of the model that it may be taken for once its log is damaged: what
 *     a damaged last record held may look like a torn tail
 */
record SmallStore(SimFileSystem files, OptionSet set, Model model, int oldest) {
  /** How many different ones there are. */
  static final int VARIANTS = 6;

  /** Those, and as many whose tables are read block by block. */
  static final int ALL_VARIANTS = 2 * VARIANTS;

  private static final int KEYS = 24;

  /**
   * Makes one.
   *
   * @param variant from 0: its codec; whether it was closed, which seals the log, or killed; and
   *     whether its tables are mapped, or read block by block
   */
  static SmallStore make(int variant) {
    boolean closed = variant % 2 == 0;
    Options.Compression compression = Options.Compression.values()[variant / 2 % 3];
    OptionSet small = OptionSet.named("synced");
    OptionSet set =
        new OptionSet(
            "variant-" + variant,
            small.options().toBuilder()
                .compression(compression)
                .tableMemoryBytes(variant / VARIANTS % 2)
                .flushOnClose(false)
                .levelCount(2)
                .build(),
            false,
            0,
            0);
    World world = new World(new SimEnv(variant), set);
    world.open();
    SplittableRandom random = new SplittableRandom(variant);
    for (int i = 0; i < 60; i++) {
      Bytes key = key(random.nextInt(KEYS));
      (random.nextInt(6) == 0
              ? new WriteOps.Delete(key)
              : new WriteOps.Put(key, new WriteOps.Value(i, random.nextInt(60))))
          .run(world);
      if (i == 20 || i == 35 || i == 48) {
        new StoreOps.Flush().run(world);
      }
      if (i == 22) {
        new StoreOps.Compact(Range.ALL).run(world);
      }
    }
    // Often enough that closing writes a list of hot blocks, where tables are read block by block.
    for (int i = 0; variant >= VARIANTS && i < 8 * KEYS; i++) {
      world.db().get(key(i % KEYS).array());
    }
    SimFileSystem files = world.watch.sim().files();
    Model model = world.model;
    if (closed) {
      world.close();
      return new SmallStore(files.crash(random, CrashMode.EVERYTHING), set, model, model.steps());
    }
    SimFileSystem killed = files.crash(random, CrashMode.EVERYTHING);
    return new SmallStore(killed, set, model, model.steps() - 1);
  }

  static Bytes key(int number) {
    return Bytes.of("key-%03d".formatted(number).getBytes(StandardCharsets.US_ASCII));
  }

  /** A copy to be damaged. */
  SimFileSystem copy() {
    return files.kill();
  }

  List<String> names() throws IOException {
    try (Storage storage = files.open(World.DIRECTORY, false)) {
      return storage.list();
    }
  }

  static Path path(String name) {
    return World.DIRECTORY.resolve(name);
  }

  /** A world on damaged files, in which background work may fail. */
  World open(SimFileSystem damaged) {
    SimEnv env = new SimEnv(1, damaged);
    World world = new World(new Watch(env, damaged, true), set, set.options(), new Model());
    world.open();
    return world;
  }

  /** Uses a damaged store in every way there is; typed errors are fine, whatever else is thrown. */
  static void useAll(World world) {
    quietly(world.db()::verify);
    quietly(() -> count(world, true));
    quietly(() -> count(world, false));
    for (int i = 0; i < KEYS; i++) {
      byte[] key = key(i).array();
      quietly(() -> world.db().get(key));
    }
    quietly(() -> world.db().stats());
    quietly(() -> world.db().approximateBytes(Range.ALL.forStore()));
    quietly(() -> world.db().put(key(1).array(), key(2).array()));
    quietly(() -> world.db().flush());
    quietly(() -> world.db().compact(Range.ALL.forStore()));
    quietly(world::close);
    world.watch.check();
  }

  private static void count(World world, boolean forward) {
    try (Cursor cursor = world.db().cursor(Range.ALL.forStore())) {
      while (forward ? cursor.next() : cursor.previous()) {
        cursor.valueBytes();
      }
    }
  }

  private static void quietly(Runnable action) {
    try {
      action.run();
    } catch (AtllException e) {
      // Typed, as it should be.
    }
  }
}
