package dev.atll.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.WriteRefusedException;
import dev.atll.base.ValueKind;
import dev.atll.env.Env;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Workers;
import dev.atll.env.sim.SimEnv;
import dev.atll.memtable.Memtable;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.VizEvent;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** How writers are held back, and how that ends. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class WriteThrottleTest {
  private static final double RATE = 20e6;
  private static final Version EMPTY = Version.empty(1);

  private final Options options =
      Options.builder()
          .memtableBytes(1 << 20)
          .memtablesMax(2)
          .levelZeroSlow(2)
          .levelZeroMax(4)
          .build();
  private final List<PressureEvent> events = new ArrayList<>();
  private final Health health = new Health();
  private final StateHolder states;
  private final ReadTree tree;
  private volatile long debt;

  WriteThrottleTest() throws IOException {
    tree =
        ReadTree.of(
            EMPTY,
            null,
            new TableCache(
                new SimEnv(1).files().open(Path.of("never-read"), true), options, Long.MAX_VALUE));
    states = new StateHolder(state(EMPTY, new Memtable(1, 1)));
  }

  private ReadState state(Version version, Memtable... memtables) {
    return new ReadState(memtables, version, tree);
  }

  private static Version withLevelZero(int runs) {
    List<Run> zero = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      zero.add(new Run(
          i,
          i,
          new byte[0],
          null,
          new RunFigures(i, i, 1, 0, 1, 0, 0),
          new Burden()));
    }
    return new Version(
        zero,
        EMPTY.levels(),
        EMPTY.files(),
        EMPTY.nextNumber(),
        EMPTY.reservedRevision(),
        EMPTY.flushedRevision(),
        EMPTY.firstLogSegment(),
        EMPTY.retainedFloor());
  }

  private WriteThrottle throttle(Env env) {
    EventSink sink =
        new EventSink() {
          @Override
          public boolean enabled() {
            return true;
          }

          @Override
          public void emit(VizEvent event) {
            synchronized (events) {
              events.add((PressureEvent) event);
            }
          }
        };
    return new WriteThrottle(
        options, states, env.workers(), env.clock(), sink, health, () -> debt, () -> RATE);
  }

  private List<PressureCause> stallsStarted() {
    return events.stream()
        .filter(e -> e instanceof PressureEvent.StallStarted)
        .map(e -> ((PressureEvent.StallStarted) e).cause())
        .toList();
  }

  private static Memtable filled(long id, int bytes) {
    Memtable memtable = new Memtable(id, id);
    byte[] key = {1};
    for (int i = 1; memtable.bytes() < bytes; i++) {
      memtable.put(i, ValueKind.PUT, key, 0, 1, new byte[64 << 10], 0, 64 << 10);
    }
    return memtable;
  }

  // ---- the pace

  /** As many writers as there are cores and many more: what they write together keeps the target. */
  @Test
  void manyThreadsTogetherDoNotPassTheTarget() throws Exception {
    for (int threads : new int[] {1, 8, 64}) {
      debt = 24L * options.memtableBytes();
      WriteThrottle throttle = throttle(Env.system());
      throttle.update();
      assertEquals(PressureZone.ORANGE, throttle.zone());
      AtomicLong passed = new AtomicLong();
      long began = System.nanoTime();
      long end = began + 500_000_000L;
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int bytes = t % 3 == 0 ? 64 << 20 : 1000 << t % 3;
        writers.add(
            Thread.ofPlatform()
                .daemon()
                .start(
                    () -> {
                      while (System.nanoTime() - end < 0) {
                        throttle.admit(bytes);
                        if (System.nanoTime() - end < 0) {
                          passed.addAndGet(bytes);
                        }
                      }
                    }));
      }
      TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(
          passed.get() < RATE * (seconds * 1.1 + 0.05),
          threads + " threads passed " + passed.get() / seconds + " bytes a second");
      // The largest still waits for seconds to come: the end of the pressure ends its wait.
      debt = 0;
      throttle.update();
      for (Thread writer : writers) {
        writer.join(20_000);
        assertFalse(writer.isAlive(), "waits though there is no pressure");
      }
    }
  }

  @Test
  void aLongWaitEndsWhenTheStoreCloses() throws Exception {
    debt = 24L * options.memtableBytes();
    WriteThrottle throttle = throttle(Env.system());
    throttle.update();
    Thread writer = Thread.ofPlatform().daemon().start(() -> throttle.admit(1L << 30));
    writer.interrupt();
    writer.join(100);
    assertTrue(writer.isAlive(), "an interrupt ended the wait");
    health.close();
    writer.join(20_000);
    assertFalse(writer.isAlive());
  }

  // ---- the stops

  @Test
  void levelZeroStopsWritersUntilItHasRoom() {
    SimEnv env = new SimEnv(1);
    states.publish(state(withLevelZero(4), new Memtable(1, 1)));
    WriteThrottle throttle = throttle(env);
    Workers.Worker admission =
        env.workers()
            .start(
                "admit",
                () -> {
                  if (env.clock().elapsedNanos() > 3_000_000_000L) {
                    states.publish(state(withLevelZero(3), new Memtable(1, 1)));
                  }
                  return 100_000_000L;
                });
    throttle.admit(1);
    assertTrue(env.clock().elapsedNanos() > 3_000_000_000L);
    assertEquals(List.of(PressureCause.L0_FILES), stallsStarted());
    assertTrue(events.getLast() instanceof PressureEvent.StallEnded);
    assertTrue(throttle.stallNanos() > 2_000_000_000L);
    admission.close();
  }

  @Test
  void levelZeroThatNothingEmptiesRefusesTyped() {
    SimEnv env = new SimEnv(2);
    states.publish(state(withLevelZero(5), new Memtable(1, 1)));
    WriteThrottle throttle = throttle(env);
    throttle.update();
    assertEquals(PressureZone.RED, throttle.zone());
    WriteRefusedException refused =
        assertThrows(WriteRefusedException.class, () -> throttle.admit(1));
    assertTrue(refused.getMessage().contains("level 0 has 5 runs"), refused.getMessage());
    assertTrue(env.clock().elapsedNanos() >= WriteThrottle.NO_PROGRESS_NANOS);
    states.publish(state(EMPTY, new Memtable(1, 1)));
    throttle.admit(1);
  }

  @Test
  void levelZeroOnAFullDiskRefusesTyped() {
    states.publish(state(withLevelZero(5), new Memtable(1, 1)));
    health.spaceExhausted(new OutOfSpaceException("full", null));
    WriteThrottle throttle = throttle(new SimEnv(3));
    assertThrows(StorageFullException.class, () -> throttle.admit(1));
  }

  @Test
  void aStoreThatHasFailedStopsNobodyHere() {
    states.publish(state(withLevelZero(5), new Memtable(1, 1)));
    health.poison(new IOException("planned"));
    throttle(new SimEnv(4)).admit(1);
  }

  // ---- memory that cursors keep

  @Test
  void memoryThatCursorsKeepStopsWritersAndThenRefusesThemByName() {
    SimEnv env = new SimEnv(5);
    WriteThrottle throttle = throttle(env);
    long max = WriteThrottle.pinnedBytesMax(options, Runtime.getRuntime().maxMemory());
    List<ReadState> cursors = new ArrayList<>();
    Memtable active = filled(1, 16 << 20);
    states.publish(state(EMPTY, active));
    long kept = 0;
    for (int i = 2; kept <= max; i++) {
      throttle.admit(1);
      cursors.add(states.pin(0));
      kept += active.bytes();
      active = filled(i, 16 << 20);
      states.publish(state(EMPTY, active));
      throttle.lookAtMemory();
    }
    assertEquals(kept, throttle.pinnedBytes());
    WriteRefusedException refused =
        assertThrows(WriteRefusedException.class, () -> throttle.admit(1));
    assertTrue(
        refused.getMessage().startsWith(cursors.size() + " cursors"), refused.getMessage());
    assertEquals(List.of(PressureCause.MEMORY), stallsStarted());
    states.unpin(cursors.removeFirst(), 0);
    throttle.admit(1);
    cursors.forEach(state -> states.unpin(state, 0));
    throttle.lookAtMemory();
    assertEquals(0, throttle.pinnedBytes());
  }

  @Test
  void whatMayBeKeptFollowsTheMemtablesAndTheHeap() {
    long heap = 1L << 30;
    assertEquals(64L << 20, WriteThrottle.pinnedBytesMax(options, heap));
    Options large = Options.builder().memtableBytes(128 << 20).memtablesMax(8).build();
    assertEquals(heap / 4, WriteThrottle.pinnedBytesMax(large, heap));
    assertEquals(128L << 20, WriteThrottle.pinnedBytesMax(large, 64 << 20));
  }
}
