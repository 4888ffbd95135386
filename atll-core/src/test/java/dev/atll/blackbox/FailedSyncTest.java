package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Workers;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What ext4 does: once a sync has failed, later ones, of any file, say that they succeeded and force
 * nothing. So the first that fails must be the last, whichever loop of the store asked for it.
 */
class FailedSyncTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int WRITES = 1_500;
  private static final Options OPTIONS =
      Options.builder()
          .memtableBytes(64 << 10)
          .slotBytes(64 << 10)
          .fanout(4)
          .levelCount(3)
          .spaceReserveBytes(0)
          .compactionJobs(1)
          .build();

  /** Which sync fails first. */
  enum First {
    /** Of a table that a flush or a compaction wrote. */
    TABLE(OpKind.SYNC, ".sst"),
    /** Of the log. */
    LOG(OpKind.SYNC, ".wal"),
    /** Of the manifest. */
    MANIFEST(OpKind.SYNC, "MANIFEST"),
    /** Of the names. */
    NAMES(OpKind.SYNC_DIRECTORY, "");

    private final OpKind kind;
    private final String part;

    First(OpKind kind, String part) {
      this.kind = kind;
      this.part = part;
    }

    FaultRule failing(long nth) {
      return new FaultRule(kind, name -> name.contains(part), nth, false, Fault.lostPages());
    }
  }

  private record World(SimEnv sim, FaultFileSystem faulty) implements Env {
    @Override
    public FileSystem files() {
      return faulty;
    }

    @Override
    public Clock clock() {
      return sim.clock();
    }

    @Override
    public Workers workers() {
      return sim.workers();
    }

    @Override
    public RandomGenerator random(String stream) {
      return sim.random(stream);
    }
  }

  @ParameterizedTest
  @EnumSource(First.class)
  void nothingThatReturnedIsLost(First first) throws Exception {
    int ended = 0;
    for (long nth = 1; nth <= 40; nth += nth < 8 ? 1 : 8) {
      if (fails(first, nth)) {
        ended++;
      }
    }
    assertTrue(ended > 3, "only " + ended + " runs met the fault");
  }

  /** Whether the fault came. */
  private static boolean fails(First first, long nth) throws Exception {
    String where = first + " " + nth;
    SimEnv sim = new SimEnv(nth);
    World world = new World(sim, new FaultFileSystem(sim.files()));
    List<Integer> acked = new ArrayList<>();
    AtllDb db = Atll.open(DIRECTORY, OPTIONS, Observer.none(), world);
    world.faulty.add(first.failing(nth));
    for (OpKind sync : List.of(OpKind.SYNC, OpKind.SYNC_DIRECTORY)) {
      world.faulty.add(
          new FaultRule(sync, name -> world.faulty.fired() > 0, 1, true, Fault.lyingSync()));
    }
    boolean ended = false;
    try {
      for (int i = 0; i < WRITES; i++) {
        db.put(Content.key(i), Content.value(i, 400));
        acked.add(i);
        if (i % 300 == 299) {
          db.compact(KeyRange.all());
        }
      }
      db.put(Content.key(WRITES), Content.value(0, 1));
    } catch (AtllException e) {
      ended = true;
    }
    boolean came = world.faulty.fired() > 0;
    assertEquals(came, ended, where + ": writing goes on after " + acked.size());
    SimEnv after =
        new SimEnv(nth, sim.files().crash(sim.random("crash"), CrashMode.SYNCED_ONLY));
    try (AtllDb again = Atll.open(DIRECTORY, OPTIONS, Observer.none(), after)) {
      for (int i : acked) {
        assertArrayEquals(
            Content.value(i, 400), again.get(Content.key(i)), where + ": lost write " + i);
      }
      again.verify();
    }
    return came;
  }
}
