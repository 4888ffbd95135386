package dev.atll.engine;

import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.VersionEvent;
import dev.atll.sstable.TableNames;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.version.TableFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Closes and deletes tables that no run refers to, once no reader can still see them. References are
 * counted afresh from the states that are held; nothing about them is stored.
 */
final class ReclaimLoop implements Workers.WorkUnit {
  // Readers do not announce that they are done: look again while old states are held.
  private static final long LOOK_AGAIN_NANOS = 20_000_000L;

  private final Storage storage;
  private final StateHolder states;
  private final TableCache tables;
  private final Health health;
  private final Clock clock;
  private final Reports events;
  private final Set<Long> doomed = new HashSet<>();

  ReclaimLoop(
      Storage storage,
      StateHolder states,
      TableCache tables,
      Health health,
      Clock clock,
      EventSink events) {
    this.storage = storage;
    this.states = states;
    this.tables = tables;
    this.health = health;
    this.clock = clock;
    this.events = Reports.of(events);
  }

  @Override
  public long runOnce() {
    List<ReadState> held = new ArrayList<>();
    List<ReadState> free = states.drain(held);
    TableFiles present = held.getLast().version().files();
    // Later states can refer to no table of a free one that the present lacks, so they need no look.
    doomed.removeIf(present::contains);
    for (ReadState state : free) {
      state.version().files().forEachMissingFrom(present, doomed::add);
    }
    Set<Long> dead = new HashSet<>(doomed);
    for (ReadState state : held) {
      dead.removeIf(state.version().files()::contains);
    }
    // After a failure the edit that dropped a table may turn out not to be on disk: keep all.
    if (!dead.isEmpty() && !health.isPoisoned()) {
      delete(dead);
    }
    return held.size() == 1 ? Long.MAX_VALUE : LOOK_AGAIN_NANOS;
  }

  private void delete(Set<Long> dead) {
    long began = clock.nanoTime();
    long bytes = 0;
    for (long number : dead) {
      String name = TableNames.fileName(number);
      try {
        tables.forget(number);
        bytes += storage.length(name);
        storage.delete(name);
      } catch (Exception | LinkageError e) {
        // An orphan now: the next recovery sweeps it. One file must not keep the others.
        health.jobFailed(JobKind.FILE_DELETION, e);
      }
    }
    doomed.removeAll(dead);
    long freed = bytes;
    events.run(() -> deleted(dead.size(), freed, clock.nanoTime() - began));
  }

  private void deleted(int files, long bytes, long nanos) {
    if (events.enabled()) {
      events.emit(new VersionEvent.FilesDeleted(clock.nanoTime(), files, bytes, nanos));
    }
  }
}
