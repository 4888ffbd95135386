package dev.atll.env.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Env;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultFileSystemTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final byte[] HUNDRED = new byte[100];

  private final SimEnv env = new SimEnv(3);
  private final SimFileSystem sim = env.files();
  private final FaultFileSystem faults = new FaultFileSystem(sim, env.clock()::advance);

  private Storage open() throws IOException {
    return faults.open(DIRECTORY, true);
  }

  /** Calls every kind once and says which failed. */
  private static List<OpKind> callEverything(FaultFileSystem fs, Path directory) {
    List<OpKind> failed = new ArrayList<>();
    class Caller {
      void call(OpKind kind, IoAction action) {
        try {
          action.run();
        } catch (IOException e) {
          assertTrue(e.getMessage().contains("injected"), e.toString());
          failed.add(kind);
        }
      }
    }
    Caller caller = new Caller();
    Storage[] storage = new Storage[1];
    caller.call(OpKind.MKDIR, () -> storage[0] = fs.open(directory, true));
    if (storage[0] == null) {
      return failed;
    }
    Storage s = storage[0];
    FileOut[] out = new FileOut[1];
    caller.call(OpKind.CREATE, () -> out[0] = s.create("f"));
    caller.call(OpKind.LIST, s::list);
    caller.call(OpKind.LOCK, () -> closeQuietly(s.lock()));
    caller.call(OpKind.SYNC_DIRECTORY, s::syncDirectory);
    if (out[0] == null) {
      return failed;
    }
    caller.call(OpKind.APPEND, () -> out[0].append(HUNDRED, 0, 100));
    caller.call(OpKind.SYNC, out[0]::sync);
    caller.call(OpKind.STAT, () -> s.length("f"));
    caller.call(OpKind.LINK, () -> s.link("f", directory.resolve("l")));
    FileIn[] in = new FileIn[1];
    caller.call(OpKind.OPEN, () -> in[0] = s.open("f"));
    if (in[0] != null) {
      caller.call(OpKind.READ, () -> in[0].readFully(0, HUNDRED, 0, 0));
      caller.call(OpKind.READ_BLOCK, () -> in[0].readBlock(0, HUNDRED, 0, 0, false));
      caller.call(OpKind.MAP, in[0]::map);
    }
    caller.call(OpKind.DELETE, () -> s.delete("f"));
    caller.call(
        OpKind.RENAME,
        () -> {
          s.create("g").close();
          s.rename("g", "h");
        });
    return failed;
  }

  private interface IoAction {
    void run() throws IOException;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyKindOfCallCanFailOnTheDiskAndInMemory(@TempDir Path temp) {
    for (OpKind kind : OpKind.values()) {
      for (boolean real : new boolean[] {true, false}) {
        for (Fault fault : List.of(Fault.ioError(), Fault.outOfSpace(), Fault.lostPages())) {
          if (!fault.suits(kind)) {
            assertThrows(IllegalArgumentException.class, () -> FaultRule.once(kind, 1, fault));
            continue;
          }
          FaultFileSystem fs =
              new FaultFileSystem(real ? Env.system().files() : new SimEnv(4).files());
          fs.add(FaultRule.once(kind, 1, fault));
          Path directory = temp.resolve(kind + "-" + fault.getClass().getSimpleName());
          assertEquals(List.of(kind), callEverything(fs, directory));
          assertEquals(1, fs.fired());
        }
      }
    }
  }

  @Test
  void onlyTheChosenCallFails() throws IOException {
    faults.add(
        new FaultRule(OpKind.APPEND, n -> n.endsWith(".log"), 3, false, Fault.ioError()));
    Storage storage = open();
    FileOut log = storage.create("1.log");
    FileOut table = storage.create("1.sst");
    for (int i = 1; i <= 5; i++) {
      table.append(HUNDRED, 0, 1);
      if (i == 3) {
        assertThrows(IOException.class, () -> log.append(HUNDRED, 0, 1));
        assertEquals(2, log.length());
      } else {
        log.append(HUNDRED, 0, 1);
      }
    }
    assertEquals(1, faults.fired());
    assertEquals(10, faults.calls(OpKind.APPEND));
    assertEquals(4, log.length());
  }

  @Test
  void aStickyFaultStaysUntilItIsCleared() throws IOException {
    faults.add(FaultRule.from(OpKind.CREATE, 2, Fault.outOfSpace()));
    Storage storage = open();
    storage.create("a");
    for (int i = 0; i < 3; i++) {
      assertThrows(OutOfSpaceException.class, () -> storage.create("b"));
    }
    assertEquals(List.of("a"), storage.list());
    faults.clear();
    storage.create("b");
    assertEquals(3, faults.fired());
  }

  @Test
  void aFullDeviceWritesShort() throws IOException {
    faults.add(FaultRule.once(OpKind.APPEND, 1, new Fault.OutOfSpace(0.3)));
    faults.add(FaultRule.once(OpKind.APPEND, 2, new Fault.IoError(0.25)));
    FileOut out = open().create("f");
    assertThrows(OutOfSpaceException.class, () -> out.append(HUNDRED, 0, 100));
    assertEquals(30, out.length());
    assertThrows(IOException.class, () -> out.append(HUNDRED, 0, 100));
    assertEquals(55, out.length());
    assertThrows(IllegalArgumentException.class, () -> new Fault.OutOfSpace(1.0));
  }

  @Test
  void aFailedSyncLosesThePagesAndTheNextOneLies() throws IOException {
    // Stacked wrappers must pass the loss down to the simulation.
    FaultFileSystem stacked = new FaultFileSystem(new TraceFileSystem(faults, event -> {}));
    stacked.add(FaultRule.once(OpKind.SYNC, 1, Fault.lostPages()));
    stacked.add(FaultRule.once(OpKind.SYNC_DIRECTORY, 1, Fault.lostPages()));
    Storage storage = stacked.open(DIRECTORY, true);
    storage.create("gone");
    assertThrows(IOException.class, storage::syncDirectory);
    FileOut out = storage.create("f");
    out.append(new byte[] {1, 2, 3}, 0, 3);
    assertThrows(IOException.class, out::sync);
    out.sync();
    storage.syncDirectory();
    assertArrayEquals(new byte[] {1, 2, 3}, sim.read(DIRECTORY.resolve("f")));
    SimFileSystem image = sim.crash(new SplittableRandom(1), CrashMode.EVERYTHING);
    assertArrayEquals(new byte[3], image.read(DIRECTORY.resolve("f")));
    assertEquals(List.of("f"), image.open(DIRECTORY, false).list());
  }

  @Test
  void aSyncMayLie() throws IOException {
    faults.add(FaultRule.from(OpKind.SYNC, 1, Fault.lyingSync()));
    Storage storage = open();
    FileOut out = storage.create("f");
    out.append(HUNDRED, 0, 100);
    out.sync();
    storage.syncDirectory();
    SimFileSystem image = sim.crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
    assertEquals(0, image.read(DIRECTORY.resolve("f")).length);
    assertEquals(1, faults.fired());
  }

  @Test
  void aDelayTakesTimeAndAnInterruptLeavesTheFlag() throws IOException {
    faults.add(FaultRule.once(OpKind.APPEND, 1, new Fault.Delay(7_000_000)));
    faults.add(FaultRule.once(OpKind.APPEND, 2, Fault.interrupt()));
    FileOut out = open().create("f");
    long before = env.clock().elapsedNanos();
    out.append(HUNDRED, 0, 100);
    assertTrue(env.clock().elapsedNanos() - before >= 7_000_000);
    assertFalse(Thread.currentThread().isInterrupted());
    out.append(HUNDRED, 0, 100);
    assertTrue(Thread.interrupted());
    assertEquals(200, out.length());
  }

  @Test
  void aRenameMatchesByEitherName() throws IOException {
    Storage storage = open();
    for (String wanted : List.of("a", "b")) {
      faults.clear();
      faults.add(new FaultRule(OpKind.RENAME, wanted::equals, 1, false, Fault.ioError()));
      if (!storage.exists("a")) {
        storage.create("a").close();
      }
      assertThrows(IOException.class, () -> storage.rename("a", "b"));
      storage.rename("a", "c");
    }
    assertEquals(2, faults.fired());
    assertThrows(
        IllegalArgumentException.class, () -> FaultRule.once(OpKind.READ, 0, Fault.ioError()));
  }
}
