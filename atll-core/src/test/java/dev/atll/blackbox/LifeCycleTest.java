package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimClock;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.VizEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever fails while a store is opened, used or closed, everything is given back: the directory can
 * be opened again in the same process, no file stays open and no thread goes on.
 */
@Timeout(120)
class LifeCycleTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int FAULTS_MAX = 400;
  private static final Options OPTIONS =
      Options.builder()
          .durability(Durability.SYNC)
          .memtableBytes(16 << 10)
          .slotBytes(4 << 10)
          .compactionJobs(1)
          .spaceReserveBytes(0)
          .build();

  /** What is thrown. */
  enum Thrown {
    NO_MEMORY(new Fault.OutOfMemory()),
    IO_ERROR(new Fault.IoError(0)),
    DISK_FULL(new Fault.OutOfSpace(0));

    private final Fault fault;

    Thrown(Fault fault) {
      this.fault = fault;
    }
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void everythingIsGivenBackWhicheverFileCallFails(Thrown thrown) {
    SimFileSystem disk = filled();
    int fired = 0;
    for (OpKind kind : OpKind.values()) {
      if (!thrown.fault.suits(kind)) {
        continue;
      }
      boolean more = true;
      for (int nth = 1; more && nth < FAULTS_MAX; nth = nth < 4 ? nth + 1 : nth + nth / 2) {
        SimFileSystem copy = disk.kill();
        FaultFileSystem files = new FaultFileSystem(copy);
        files.add(new FaultRule(kind, name -> true, nth, nth % 2 == 0, thrown.fault));
        live(files, Observer.none());
        more = files.fired() > 0;
        fired += more ? 1 : 0;
        requireGivenBack(copy, kind + " no. " + nth);
      }
    }
    assertTrue(fired > 20, "faults that happened: " + fired);
  }

  @Test
  void everythingIsGivenBackWhicheverEventThrows() {
    SimFileSystem disk = filled();
    for (int nth = 1; nth < 40; nth = nth < 6 ? nth + 1 : nth + nth / 2) {
      SimFileSystem copy = disk.kill();
      AtomicInteger left = new AtomicInteger(nth);
      EventSink sink =
          new EventSink() {
            @Override
            public boolean enabled() {
              return true;
            }

            @Override
            public void emit(VizEvent event) {
              if (left.decrementAndGet() <= 0) {
                throw new OutOfMemoryError("injected: event");
              }
            }
          };
      live(copy, Observer.none().withEvents(sink));
      requireGivenBack(copy, "event no. " + nth);
    }
  }

  /** Opens, writes, flushes and closes as far as that goes. */
  private static void live(FileSystem files, Observer observer) {
    Env env = new EnvWithFiles(Env.system(), files);
    try {
      AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, env);
      try {
        for (int i = 0; i < 20; i++) {
          db.put(key("live", i), new byte[1_000]);
        }
        db.flush();
      } catch (AtllException | OutOfMemoryError e) {
        // What is thrown is for others to check.
      } finally {
        db.close();
      }
    } catch (AtllException | OutOfMemoryError e) {
      // As above.
    } finally {
      // Who opens with an environment of its own closes the store only: its loops must have ended.
      assertEquals(List.of(), storeThreads());
      env.workers().close();
    }
  }

  private static void requireGivenBack(SimFileSystem disk, String after) {
    assertEquals(List.of(), disk.openHandles(), after);
    Env env = new EnvWithFiles(Env.system(), disk);
    try (AtllDb again = Atll.open(DIRECTORY, OPTIONS, Observer.none(), env)) {
      assertNotNull(again.get(key("first", 1)), after);
    } finally {
      env.workers().close();
    }
  }

  private static List<String> storeThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("atll-"))
        .toList();
  }

  private static SimFileSystem filled() {
    SimFileSystem disk = new SimFileSystem(new SimClock(0, 0));
    Env env = new EnvWithFiles(Env.system(), disk);
    try (AtllDb db = Atll.open(DIRECTORY, OPTIONS, Observer.none(), env)) {
      for (int i = 0; i < 60; i++) {
        db.put(key("first", i), new byte[1_000]);
      }
    } finally {
      env.workers().close();
    }
    return disk;
  }

  private static byte[] key(String prefix, int i) {
    return (prefix + i).getBytes(StandardCharsets.US_ASCII);
  }
}
