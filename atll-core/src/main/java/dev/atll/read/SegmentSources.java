package dev.atll.read;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.MergingCursor;
import dev.atll.memtable.Memtable;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.version.Guards;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor merges in one segment of its range: views of the memtables and of those runs that may
 * hold the segment's keys. Not thread-safe.
 */
final class SegmentSources {
  final MergingCursor merged = new MergingCursor();
  final List<ReadRun> runs = new ArrayList<>();

  /** The open segment: a slot of the guards, with its bounds. */
  int segment = -1;

  byte[] low = Keys.EMPTY;
  byte @Nullable [] high;

  private final ReadState state;
  private final long revision;
  private final Guards guards;
  private final EntryCursor[] memtables;
  private ReadRun[] openRuns = new ReadRun[8];
  private EntryCursor[] openCursors = new EntryCursor[8];
  private int openCount;
  private EntryCursor[] sources;
  private long passedByClosed;

  SegmentSources(ReadState state, long revision) {
    this.state = state;
    this.revision = revision;
    this.guards = state.tree().scanGuards();
    this.memtables = views(state.memtables(), revision);
    this.sources = new EntryCursor[memtables.length + 8];
  }

  /** Of the memtables in which something is visible: a lone run needs no compare then. */
  private static EntryCursor[] views(Memtable[] memtables, long revision) {
    List<EntryCursor> views = new ArrayList<>(memtables.length);
    for (Memtable memtable : memtables) {
      // What is put meanwhile has a higher revision.
      if (memtable.firstRevision() <= revision) {
        views.add(memtable.view(revision));
      }
    }
    return views.toArray(EntryCursor[]::new);
  }

  Guards guards() {
    return guards;
  }

  /** Makes the sources those of a segment, re-using cursors of runs that go on. */
  void open(int slot) {
    if (segment == slot) {
      return;
    }
    segment = slot;
    low = guards.low(slot);
    high = guards.high(slot);
    runs.clear();
    state.tree().collectRuns(low, high, runs);
    int count = runs.size();
    ReadRun[] nextRuns = new ReadRun[Math.max(8, count)];
    EntryCursor[] nextCursors = new EntryCursor[nextRuns.length];
    for (int i = 0; i < count; i++) {
      ReadRun run = runs.get(i);
      nextRuns[i] = run;
      nextCursors[i] = takeOpen(run);
    }
    for (int i = 0; i < openCount; i++) {
      EntryCursor unused = openCursors[i];
      if (unused != null) {
        passedByClosed += unused.passed();
        unused.close();
      }
    }
    openRuns = nextRuns;
    openCursors = nextCursors;
    openCount = count;
    int all = memtables.length + count;
    if (sources.length < all) {
      sources = new EntryCursor[all + 8];
    }
    System.arraycopy(memtables, 0, sources, 0, memtables.length);
    System.arraycopy(nextCursors, 0, sources, memtables.length, count);
    merged.reset(sources, all);
  }

  @SuppressWarnings("NullAway") // a taken place is null until the arrays are replaced, just below
  private EntryCursor takeOpen(ReadRun run) {
    for (int i = 0; i < openCount; i++) {
      if (openRuns[i] == run && openCursors[i] != null) {
        EntryCursor cursor = openCursors[i];
        openCursors[i] = null;
        return cursor;
      }
    }
    return run.table().view(run.run().low(), run.run().high(), revision);
  }

  /** Has all tables but the first begin to read what a position at or before a key needs. */
  void prefetch(byte[] key) {
    for (int i = 1; i < openCount; i++) {
      openCursors[i].prefetch(key, 0, key.length);
    }
  }

  /** Entries that the sources passed over by themselves. */
  long passed() {
    return passedByClosed + merged.passed();
  }

  boolean isAtOrAfterEnd() {
    byte[] end = high;
    return end != null
        && Keys.compare(
                merged.keyArray(), merged.keyOffset(), merged.keyLength(), end, 0, end.length)
            >= 0;
  }

  boolean isBeforeBegin() {
    return segment > 0
        && Keys.compare(
                merged.keyArray(), merged.keyOffset(), merged.keyLength(), low, 0, low.length)
            < 0;
  }

  void close() {
    for (EntryCursor cursor : memtables) {
      cursor.close();
    }
    for (int i = 0; i < openCount; i++) {
      openCursors[i].close();
    }
    openCount = 0;
  }
}
