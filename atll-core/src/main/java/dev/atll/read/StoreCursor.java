package dev.atll.read;

import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.StoreClosedException;
import dev.atll.base.EntryCursor;
import dev.atll.base.MergingCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.memtable.Memtable;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.version.Guards;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live entries of a range at one revision.
 *
 * <p>The range is walked in segments: the slots of the deepest level that holds runs. Inside a
 * segment the set of runs is fixed and only those that may hold its keys are merged. Memtables in
 * which nothing is visible at the revision are left out, so that a segment with one run is merged
 * without a compare. Table cursors are kept and re-used when their run goes on into the next segment.
 *
 * <p>Each source shows one entry of a key, the newest visible one: a key costs at most as many steps
 * as there are sources, both ways, however often it was written. A stretch of deletions that only
 * one source has is passed inside that source.
 */
public final class StoreCursor implements Cursor {
  /** What the owner of the pinned state wants to know and do. */
  public interface Owner {
    /** Called once when the cursor is closed, to give the state back. */
    void closed();

    /** Called for each positioning, with the runs that took part. */
    void positioned(byte[] key, List<ReadRun> runs);

    /** Whether the store has been closed. */
    boolean isStoreClosed();
  }

  private final ReadState state;
  private final long revision;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final Guards guards;
  private final Owner owner;

  private final EntryCursor[] memtableCursors;
  private final List<ReadRun> segmentRuns = new ArrayList<>();
  private ReadRun[] openRuns = new ReadRun[8];
  private EntryCursor[] openCursors = new EntryCursor[8];
  private int openCount;
  private EntryCursor[] sources;
  private final MergingCursor merged = new MergingCursor();
  private int segment = -1;
  private byte[] segmentLow = Keys.EMPTY;
  private byte @Nullable [] segmentHigh;

  private enum Place {
    BEFORE,
    ON,
    AFTER
  }

  private Place place = Place.BEFORE;
  private boolean fresh = true;
  private boolean forward = true;
  private boolean closed;
  private long skipped;

  private byte[] key = new byte[64];
  private int keyLength;
  private MemorySegment keySegment = MemorySegment.ofArray(key);
  private MemorySegment valueMemory = MemorySegment.NULL;
  private long valueOffset;
  private int valueLength;
  private long entryRevision;

  /** Opens it over a pinned state, which goes back through the owner when it is closed. */
  public StoreCursor(ReadState state, long revision, KeyRange range, Owner owner) {
    this.state = state;
    this.revision = revision;
    this.low = range.low().clone();
    byte[] end = range.high();
    this.high = end == null ? null : end.clone();
    this.guards = state.tree().scanGuards();
    this.owner = owner;
    this.memtableCursors = views(state.memtables(), revision);
    this.sources = new EntryCursor[memtableCursors.length + 8];
  }

  /** Of the memtables in which something is visible. */
  private static EntryCursor[] views(Memtable[] memtables, long revision) {
    int count = 0;
    for (Memtable memtable : memtables) {
      count += memtable.firstRevision() <= revision ? 1 : 0;
    }
    EntryCursor[] views = new EntryCursor[count];
    for (int i = memtables.length - 1; count > 0; i--) {
      // Seen above or not, what is put meanwhile is invisible at the revision.
      if (memtables[i].firstRevision() <= revision) {
        views[--count] = memtables[i].view(revision);
      }
    }
    return views;
  }

  @Override
  public boolean next() {
    checkOpen();
    if (fresh || place == Place.BEFORE) {
      return seek(low);
    }
    if (place == Place.AFTER) {
      return false;
    }
    if (!forward) {
      // The merge stands before this key's versions; go back to the newest of them.
      forward = true;
      if (!enterForward(key, keyLength)) {
        return end();
      }
    }
    if (!skipKey()) {
      return end();
    }
    return settleForward();
  }

  @Override
  public boolean previous() {
    checkOpen();
    if (fresh || place == Place.AFTER) {
      return last();
    }
    if (place == Place.BEFORE) {
      return false;
    }
    if (forward) {
      forward = false;
      if (!enterBackward(key, keyLength)) {
        return begin();
      }
    }
    return settleBackward();
  }

  @Override
  public boolean seek(byte[] target) {
    checkOpen();
    fresh = false;
    forward = true;
    byte[] from = Keys.compare(target, low) < 0 ? low : target;
    return enterForward(from, from.length) ? settleForward() : end();
  }

  @Override
  public boolean seekAtOrBefore(byte[] target) {
    checkOpen();
    if (high != null && Keys.compare(target, high) >= 0) {
      return last();
    }
    // The first key after the target is the target with a zero byte added.
    byte[] after = Arrays.copyOf(target, target.length + 1);
    fresh = false;
    forward = false;
    return enterBackward(after, after.length) ? settleBackward() : begin();
  }

  private boolean last() {
    fresh = false;
    forward = false;
    byte[] end = high;
    if (end != null) {
      return enterBackward(end, end.length) ? settleBackward() : begin();
    }
    openSegment(guards.slotCount() - 1);
    return ((merged.seekToLast() && !isBeforeSegment()) || stepBackOverSegments())
        ? settleBackward()
        : begin();
  }

  private boolean end() {
    place = Place.AFTER;
    return false;
  }

  private boolean begin() {
    place = Place.BEFORE;
    return false;
  }

  /** Positions the merge at the first entry at or after a key, over segments if need be. */
  private boolean enterForward(byte[] from, int length) {
    byte[] exact = from.length == length ? from : Arrays.copyOf(from, length);
    int at = guards.slotOf(exact);
    openSegment(at);
    owner.positioned(exact, segmentRuns);
    if (merged.seek(exact, 0, length, Long.MAX_VALUE) && !isAtOrAfterSegmentEnd()) {
      return true;
    }
    return stepOverSegments();
  }

  /** Positions the merge at the last entry before a key, over segments if need be. */
  private boolean enterBackward(byte[] before, int length) {
    byte[] exact = before.length == length ? before : Arrays.copyOf(before, length);
    // The slot of the greatest keys below: that of the key itself, unless it is the slot's low.
    int at = guards.lastSlotBelow(exact);
    openSegment(at);
    owner.positioned(exact, segmentRuns);
    if (merged.seekBefore(exact, 0, length) && !isBeforeSegment()) {
      return true;
    }
    return stepBackOverSegments();
  }

  private boolean stepOverSegments() {
    while (true) {
      byte[] from = segmentHigh;
      if (from == null || (high != null && Keys.compare(from, high) >= 0)) {
        return false;
      }
      openSegment(segment + 1);
      if (merged.seek(from, 0, from.length, Long.MAX_VALUE) && !isAtOrAfterSegmentEnd()) {
        return true;
      }
    }
  }

  private boolean stepBackOverSegments() {
    while (true) {
      byte[] before = segmentLow;
      if (segment == 0 || Keys.compare(before, low) <= 0) {
        return false;
      }
      openSegment(segment - 1);
      if (merged.seekBefore(before, 0, before.length) && !isBeforeSegment()) {
        return true;
      }
    }
  }

  private boolean isAtOrAfterSegmentEnd() {
    byte[] end = segmentHigh;
    return end != null
        && Keys.compare(
                merged.keyArray(), merged.keyOffset(), merged.keyLength(), end, 0, end.length)
            >= 0;
  }

  private boolean isBeforeSegment() {
    return segment > 0
        && Keys.compare(
                merged.keyArray(),
                merged.keyOffset(),
                merged.keyLength(),
                segmentLow,
                0,
                segmentLow.length)
            < 0;
  }

  private boolean advance() {
    return (merged.next() && !isAtOrAfterSegmentEnd()) || stepOverSegments();
  }

  private boolean retreat() {
    return (merged.previous() && !isBeforeSegment()) || stepBackOverSegments();
  }

  /** From the merge's position on, finds the next live entry and takes it. */
  private boolean settleForward() {
    while (true) {
      if (isPastHigh()) {
        return end();
      }
      if (merged.kind() != ValueKind.DELETE) {
        takeKey();
        takeValue();
        place = Place.ON;
        return true;
      }
      skipped++;
      if (!passForward()) {
        return end();
      }
    }
  }

  /** Moves the merge past a deletion and what it hides, or past many that hide nothing here. */
  private boolean passForward() {
    if (merged.leadsAlone()) {
      byte[] bound = segmentHigh;
      byte[] end = high;
      if (end != null && (bound == null || Keys.compare(end, bound) < 0)) {
        bound = end;
      }
      return (merged.nextPastDeletions(bound, 0, bound == null ? 0 : bound.length)
              && !isAtOrAfterSegmentEnd())
          || stepOverSegments();
    }
    takeKey();
    return skipKey();
  }

  /** Moves the merge past all entries of the key taken last. */
  private boolean skipKey() {
    boolean first = true;
    do {
      if (!advance()) {
        return false;
      }
      if (!first) {
        skipped++;
      }
      first = false;
    } while (isTakenKey());
    return true;
  }

  /** From the merge's position back, finds the previous live entry and takes it. */
  private boolean settleBackward() {
    boolean more = true;
    while (more) {
      if (isBelowLow()) {
        return begin();
      }
      if (merged.kind() == ValueKind.DELETE && merged.leadsAlone()) {
        skipped++;
        byte[] bound = Keys.compare(low, segmentLow) > 0 ? low : segmentLow;
        more =
            (merged.previousPastDeletions(bound, 0, bound.length) && !isBeforeSegment())
                || stepBackOverSegments();
        continue;
      }
      // Entries of a key come oldest first now: the last one wins.
      takeKey();
      boolean live;
      do {
        live = merged.kind() != ValueKind.DELETE;
        if (live) {
          takeValue();
        }
        skipped++;
        more = retreat();
      } while (more && isTakenKey());
      if (live) {
        skipped--;
        place = Place.ON;
        // With nothing left, the merge has no position; a further previous() must not use it.
        exhaustedBackward = !more;
        return true;
      }
    }
    return begin();
  }

  private boolean exhaustedBackward;

  private boolean isPastHigh() {
    byte[] end = high;
    return end != null
        && Keys.compare(
                merged.keyArray(), merged.keyOffset(), merged.keyLength(), end, 0, end.length)
            >= 0;
  }

  private boolean isBelowLow() {
    if (exhaustedBackward) {
      exhaustedBackward = false;
      return true;
    }
    return Keys.compare(
            merged.keyArray(), merged.keyOffset(), merged.keyLength(), low, 0, low.length)
        < 0;
  }

  private boolean isTakenKey() {
    return Keys.compare(
            merged.keyArray(), merged.keyOffset(), merged.keyLength(), key, 0, keyLength)
        == 0;
  }

  private void takeKey() {
    exhaustedBackward = false;
    keyLength = merged.keyLength();
    if (keyLength > key.length) {
      key = new byte[Math.max(keyLength, 2 * key.length)];
      keySegment = MemorySegment.ofArray(key);
    }
    System.arraycopy(merged.keyArray(), merged.keyOffset(), key, 0, keyLength);
  }

  private void takeValue() {
    valueMemory = merged.valueSegment();
    valueOffset = merged.valueOffset();
    valueLength = merged.valueLength();
    entryRevision = merged.revision();
  }

  /** Makes the sources those of a segment, re-using cursors of runs that go on. */
  private void openSegment(int slot) {
    // Every new position begins here: what an earlier way back left behind is over.
    exhaustedBackward = false;
    if (segment == slot) {
      return;
    }
    segment = slot;
    segmentLow = guards.low(slot);
    segmentHigh = guards.high(slot);
    segmentRuns.clear();
    state.tree().collectRuns(segmentLow, segmentHigh, segmentRuns);
    int runs = segmentRuns.size();
    ReadRun[] nextRuns = new ReadRun[Math.max(8, runs)];
    EntryCursor[] nextCursors = new EntryCursor[nextRuns.length];
    for (int i = 0; i < runs; i++) {
      ReadRun run = segmentRuns.get(i);
      nextRuns[i] = run;
      nextCursors[i] = takeOpen(run);
    }
    for (int i = 0; i < openCount; i++) {
      EntryCursor unused = openCursors[i];
      if (unused != null) {
        skipped += unused.passed();
        unused.close();
      }
    }
    openRuns = nextRuns;
    openCursors = nextCursors;
    openCount = runs;
    int count = memtableCursors.length + runs;
    if (sources.length < count) {
      sources = new EntryCursor[count + 8];
    }
    System.arraycopy(memtableCursors, 0, sources, 0, memtableCursors.length);
    System.arraycopy(nextCursors, 0, sources, memtableCursors.length, runs);
    merged.reset(sources, count);
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

  @Override
  public boolean isValid() {
    return !closed && place == Place.ON && !fresh;
  }

  @Override
  public MemorySegment key() {
    checkOn();
    return keySegment.asSlice(0, keyLength).asReadOnly();
  }

  @Override
  public MemorySegment value() {
    checkOn();
    return valueMemory.asSlice(valueOffset, valueLength).asReadOnly();
  }

  @Override
  public byte[] keyBytes() {
    checkOn();
    return Arrays.copyOf(key, keyLength);
  }

  @Override
  public byte[] valueBytes() {
    checkOn();
    byte[] copy = new byte[valueLength];
    MemorySegment.copy(valueMemory, ValueLayout.JAVA_BYTE, valueOffset, copy, 0, valueLength);
    return copy;
  }

  @Override
  public long revision() {
    checkOn();
    return entryRevision;
  }

  @Override
  public long skipped() {
    return skipped + merged.passed();
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreClosedException("cursor is closed");
    }
    if (owner.isStoreClosed()) {
      throw new StoreClosedException("store is closed");
    }
  }

  private void checkOn() {
    checkOpen();
    if (fresh || place != Place.ON) {
      throw new IllegalStateException("cursor stands on no entry: move it first");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (EntryCursor cursor : memtableCursors) {
      cursor.close();
    }
    for (int i = 0; i < openCount; i++) {
      openCursors[i].close();
    }
    openCount = 0;
    owner.closed();
  }
}
