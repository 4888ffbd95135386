package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.base.Keys;
import dev.atll.env.Env;
import dev.atll.env.Storage;
import dev.atll.memtable.Memtable;
import dev.atll.observe.EventSink;
import dev.atll.sstable.TableNames;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Invariant I12: a table that a pinned state refers to is not deleted, and every other one is. */
class ReclaimLoopTest {
  private static final int STATES = 40_000;

  private final Set<String> deleted = ConcurrentHashMap.newKeySet();

  /** A disk on which everything exists; it notes what is deleted. */
  private final Storage storage =
      (Storage)
          Proxy.newProxyInstance(
              Storage.class.getClassLoader(),
              new Class<?>[] {Storage.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "length" -> 1L;
                    case "delete" -> {
                      deleted.add((String) arguments[0]);
                      yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private final TableCache tables = new TableCache(storage, Options.defaults(), Long.MAX_VALUE);

  /** The next state: with the same single table every other time, else with a new one instead. */
  private ReadState next(ReadState before, long step) {
    VersionEdit edit = new VersionEdit();
    edit.nextNumber = 1000 + step;
    Version version = before.version();
    if (step % 2 == 0) {
      for (Run run : version.levelZero()) {
        edit.removedRuns.add(new VersionEdit.LevelRunId(0, run.id()));
      }
      edit.addedFiles.add(new TableFile(step, 1, 1, 0, 1));
      edit.addedRuns.add(
          new VersionEdit.LevelRun(
              0, new Run(
                  step,
                  step,
                  Keys.EMPTY,
                  null,
                  new RunFigures(step, step, 1, 0, 1, 0, 0),
                  new Burden())));
    }
    // The loop never looks at the tree of open tables, and here there are none.
    return new ReadState(before.memtables(), version.apply(edit), before.tree());
  }

  @Test
  void whatAPinnedStateRefersToStaysAndTheRestGoes() throws Exception {
    Version empty = Version.empty(1);
    StateHolder states =
        new StateHolder(
            new ReadState(
                new Memtable[] {new Memtable(1, 1)}, empty, ReadTree.of(empty, null, tables)));
    ReclaimLoop loop =
        new ReclaimLoop(
            storage, states, tables, new Health(), Env.system().clock(), EventSink.none());
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<String> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    threads.add(
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    loop.runOnce();
                  }
                }));
    for (int i = 0; i < 2; i++) {
      threads.add(Thread.ofPlatform().start(() -> read(states, stop, failure)));
    }
    ReadState state = states.peek();
    for (long step = 2; step < STATES && failure.get() == null; step++) {
      state = next(state, step);
      states.publish(state);
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(null, failure.get());
    // Nobody reads any more: two looks, as the first may find a state that was current as it began.
    loop.runOnce();
    loop.runOnce();
    long live = state.version().files().keySet().iterator().next();
    for (long number = 2; number < live; number += 2) {
      assertTrue(deleted.contains(TableNames.fileName(number)), number + " was forgotten");
    }
    assertTrue(!deleted.contains(TableNames.fileName(live)));
  }

  private void read(StateHolder states, AtomicBoolean stop, AtomicReference<String> failure) {
    while (!stop.get()) {
      int stripe = StateHolder.stripe();
      ReadState pinned = states.pin(stripe);
      try {
        for (int i = 0; i < 20; i++) {
          for (long number : pinned.version().files().keySet()) {
            if (deleted.contains(TableNames.fileName(number))) {
              failure.set("table " + number + " was deleted under a reader");
              return;
            }
          }
          Thread.onSpinWait();
        }
      } finally {
        states.unpin(pinned, stripe);
      }
    }
  }
}
