package dev.atll.torture;

import dev.atll.api.AtllDb;
import dev.atll.api.Reader;
import dev.atll.api.RevisionUnavailableException;
import dev.atll.api.Snapshot;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations that read. */
final class ReadOps {
  private static final int SNAPSHOTS_MAX = 4;
  private static final int CURSORS_MAX = 3;

  private ReadOps() {}

  /** One key, in the three ways there are. */
  record Get(int source, Bytes key) implements Op {
    @Override
    public void run(World world) {
      World.Source from = world.source(source);
      check(from.reader(), from.map(), key, from.name());
    }
  }

  /** Many keys at once. */
  record GetAll(int source, List<Bytes> keys) implements Op {
    @Override
    public void run(World world) {
      World.Source from = world.source(source);
      List<byte @Nullable []> values =
          from.reader().getAll(keys.stream().map(Bytes::array).toList());
      World.expectEqual(from.name() + " getAll size", keys.size(), values.size());
      for (int i = 0; i < keys.size(); i++) {
        Model.Live live = from.map().get(keys.get(i));
        byte[] value = values.get(i);
        World.expectEqual(
            from.name() + " getAll " + i + " " + keys.get(i),
            live == null ? null : live.value(),
            value == null ? null : Bytes.of(value));
      }
    }
  }

  static void check(
      Reader reader, NavigableMap<Bytes, Model.Live> map, Bytes key, String name) {
    Model.Live live = map.get(key);
    Bytes expected = live == null ? null : live.value();
    byte[] copied = reader.get(key.array());
    World.expectEqual(
        name + " get " + key, expected, copied == null ? null : Bytes.of(copied));
    Bytes inPlace =
        reader.<@Nullable Bytes>get(
            key.array(),
            segment -> {
              Trap.pass(Trap.Point.VIEW);
              return Bytes.of(segment.toArray(ValueLayout.JAVA_BYTE));
            });
    World.expectEqual(name + " get in place " + key, expected, inPlace);
    World.expectEqual(name + " contains " + key, live != null, reader.contains(key.array()));
  }

  /** A whole range in one direction. */
  record Scan(int source, Range range, boolean backward) implements Op {
    @Override
    public void run(World world) {
      World.Source from = world.source(source);
      CursorCheck.scan(
          from.reader().cursor(range.forStore()),
          range.of(from.map()),
          backward,
          from.name() + " " + range);
    }
  }

  /** Number of entries of a range. */
  record Count(int source, Range range) implements Op {
    @Override
    public void run(World world) {
      World.Source from = world.source(source);
      World.expectEqual(
          from.name() + " count " + range,
          (long) range.of(from.map()).size(),
          from.reader().count(range.forStore()));
    }
  }

  /** A walk to and fro. */
  record Walk(int source, Range range, List<Move> moves) implements Op {
    @Override
    public void run(World world) {
      World.Source from = world.source(source);
      try (CursorCheck check =
          new CursorCheck(
              from.reader().cursor(range.forStore()),
              range.of(from.map()),
              from.name() + " " + range)) {
        moves.forEach(check::move);
      }
    }
  }

  /** Opens a cursor that stays open while the store goes on. */
  record OpenCursor(int source, Range range) implements Op {
    @Override
    public void run(World world) {
      if (world.cursors.size() >= CURSORS_MAX) {
        world.cursors.removeFirst().close();
      }
      World.Source from = world.source(source);
      world.cursors.add(
          new CursorCheck(
              from.reader().cursor(range.forStore()),
              new TreeMap<>(range.of(from.map())),
              "open cursor on " + from.name() + " " + range));
    }
  }

  /** Moves an open cursor. */
  record MoveCursor(int number, List<Move> moves) implements Op {
    @Override
    public void run(World world) {
      if (!world.cursors.isEmpty()) {
        CursorCheck cursor = world.cursors.get(number % world.cursors.size());
        moves.forEach(cursor::move);
      }
    }
  }

  /** Closes an open cursor. */
  record CloseCursor(int number) implements Op {
    @Override
    public void run(World world) {
      if (!world.cursors.isEmpty()) {
        world.cursors.remove(number % world.cursors.size()).close();
      }
    }
  }

  /** Holds the newest revision. */
  record TakeSnapshot() implements Op {
    @Override
    public void run(World world) {
      if (world.snapshots.size() >= SNAPSHOTS_MAX) {
        world.snapshots.removeFirst().snapshot().close();
      }
      Snapshot snapshot = world.db().snapshot();
      World.expectEqual(
          "revision of a snapshot", world.db().visibleRevision(), snapshot.revision());
      world.snapshots.add(new World.Held(snapshot, world.model.at(world.model.steps())));
    }
  }

  /** Lets one go. */
  record CloseSnapshot(int number) implements Op {
    @Override
    public void run(World world) {
      if (!world.snapshots.isEmpty()) {
        world.snapshots.remove(number % world.snapshots.size()).snapshot().close();
      }
    }
  }

  /**
   * Reads at a past revision, if it can still be read.
   *
   * @param batchesBack how far back
   * @param offset added to the revision: it may be one that no batch has
   * @param hold whether to keep the snapshot
   */
  record ReadAt(int batchesBack, int offset, Bytes key, boolean hold) implements Op {
    @Override
    public void run(World world) {
      AtllDb db = world.db();
      int state = Math.max(0, world.model.steps() - batchesBack);
      long revision = world.model.revision(state) + offset;
      if (revision < world.historyFrom()) {
        return;
      }
      boolean held =
          world.snapshots.stream().anyMatch(h -> h.snapshot().revision() == revision);
      boolean readable =
          revision <= db.visibleRevision() && (revision >= db.oldestReadableRevision() || held);
      Snapshot snapshot;
      try {
        snapshot = db.snapshotAt(revision);
      } catch (RevisionUnavailableException e) {
        if (readable) {
          throw e;
        }
        return;
      }
      if (!readable) {
        throw new AssertionError("snapshot of retired or future revision " + revision);
      }
      NavigableMap<Bytes, Model.Live> map = world.model.at(world.model.stateAt(revision));
      String name = "past revision " + revision;
      boolean kept = false;
      try {
        check(snapshot, map, key, name);
        CursorCheck.scan(snapshot.cursor(Range.ALL.forStore()), map, (revision & 1) == 0, name);
        kept = hold && world.snapshots.size() < SNAPSHOTS_MAX;
      } finally {
        if (!kept) {
          snapshot.close();
        }
      }
      if (kept) {
        world.snapshots.add(new World.Held(snapshot, map));
      }
    }
  }
}
