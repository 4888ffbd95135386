package dev.atll.read;

import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.StoreClosedException;
import dev.atll.base.MergingCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.tree.DeadRanges;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.version.Guards;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    /** Where scans found nothing alive. */
    DeadRanges deadRanges();

    /** Whether the store has been closed. */
    boolean isStoreClosed();
  }

  private final byte[] low;
  private final byte @Nullable [] high;
  private final Owner owner;
  private final SegmentSources segment;
  private final MergingCursor merged;
  private final Guards guards;
  private final DeadStretch stretch;

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

  /** Where the last dead range that was gone around on this way ends; null for none. */
  private byte @Nullable [] jumpedTo;

  private byte[] key = new byte[64];
  private int keyLength;
  private MemorySegment keySegment = MemorySegment.ofArray(key);
  private MemorySegment valueMemory = MemorySegment.NULL;
  private long valueOffset;
  private int valueLength;
  private long entryRevision;

  /** Opens it over a pinned state, which goes back through the owner when it is closed. */
  public StoreCursor(ReadState state, long revision, KeyRange range, Owner owner) {
    this.low = range.low().clone();
    byte[] end = range.high();
    this.high = end == null ? null : end.clone();
    this.owner = owner;
    this.segment = new SegmentSources(state, revision);
    this.merged = segment.merged;
    this.guards = segment.guards();
    this.stretch = new DeadStretch(owner.deadRanges(), revision);
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
      jumpedTo = null;
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
      jumpedTo = null;
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
    jumpedTo = null;
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
    jumpedTo = null;
    return enterBackward(after, after.length) ? settleBackward() : begin();
  }

  private boolean last() {
    fresh = false;
    forward = false;
    jumpedTo = null;
    byte[] end = high;
    if (end != null) {
      return enterBackward(end, end.length) ? settleBackward() : begin();
    }
    openSegment(guards.slotCount() - 1);
    return ((merged.seekToLast() && !segment.isBeforeBegin()) || stepBackOverSegments())
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
    owner.positioned(exact, segment.runs);
    segment.prefetch(exact);
    if (merged.seek(exact, 0, length, Long.MAX_VALUE) && !segment.isAtOrAfterEnd()) {
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
    owner.positioned(exact, segment.runs);
    segment.prefetch(exact);
    if (merged.seekBefore(exact, 0, length) && !segment.isBeforeBegin()) {
      return true;
    }
    return stepBackOverSegments();
  }

  private boolean stepOverSegments() {
    while (true) {
      byte[] from = segment.high;
      if (from == null || (high != null && Keys.compare(from, high) >= 0)) {
        return false;
      }
      openSegment(segment.segment + 1);
      if (merged.seek(from, 0, from.length, Long.MAX_VALUE) && !segment.isAtOrAfterEnd()) {
        return true;
      }
    }
  }

  private boolean stepBackOverSegments() {
    while (true) {
      byte[] before = segment.low;
      if (segment.segment == 0 || Keys.compare(before, low) <= 0) {
        return false;
      }
      openSegment(segment.segment - 1);
      if (merged.seekBefore(before, 0, before.length) && !segment.isBeforeBegin()) {
        return true;
      }
    }
  }

  private boolean advance() {
    return (merged.next() && !segment.isAtOrAfterEnd()) || stepOverSegments();
  }

  private boolean retreat() {
    return (merged.previous() && !segment.isBeforeBegin()) || stepBackOverSegments();
  }

  /** From the merge's position on, finds the next live entry and takes it. */
  private boolean settleForward() {
    stretch.clear();
    do {
      if (isPastHigh()) {
        break;
      }
      if (merged.kind() != ValueKind.DELETE) {
        takeKey();
        takeValue();
        place = Place.ON;
        if (stretch.isOn()) {
          stretch.endForward(key, keyLength, skipped());
        }
        return true;
      }
      skipped++;
    } while (passForward());
    if (stretch.isOn()) {
      stretch.endForward(high, high == null ? 0 : high.length, skipped());
    }
    return end();
  }

  /** Moves the merge past a deletion and what it hides, or past many that hide nothing here. */
  private boolean passForward() {
    takeKey();
    DeadRanges.Range dead = deadAhead();
    if (dead != null && stretch.isIn(dead, key, keyLength)) {
      byte[] to = dead.high();
      return to != null && (high == null || Keys.compare(to, high) < 0) && jump(to);
    }
    if (merged.leadsAlone()) {
      byte[] bound = nearer(nearer(segment.high, high), dead == null ? null : dead.low());
      return (merged.nextPastDeletions(bound, 0, bound == null ? 0 : bound.length)
              && !segment.isAtOrAfterEnd())
          || stepOverSegments();
    }
    return skipKey();
  }

  /**
   * Goes from the key taken last to the end of a dead range that it is in. Each jump leads beyond the
   * one before, so that there is an end to them: a key on the near side of where one led is from a
   * file whose entries are out of order, though its checksums are right, and would be met again.
   */
  private boolean jump(byte[] to) {
    byte[] before = jumpedTo;
    if (before != null && Keys.compare(key, 0, keyLength, before, 0, before.length) < 0 == forward) {
      throw merged.outOfOrder();
    }
    jumpedTo = to;
    return forward ? enterForward(to, to.length) : enterBackward(to, to.length);
  }

  /** The known dead range that the key taken last is in, or the next one on the way. */
  private DeadRanges.@Nullable Range deadAhead() {
    if (!stretch.isOn()) {
      stretch.begin(forward, key, keyLength, skipped());
    }
    return stretch.ahead(key, keyLength);
  }

  private static byte @Nullable [] nearer(byte @Nullable [] a, byte @Nullable [] b) {
    return b == null || (a != null && Keys.compare(a, b) <= 0) ? a : b;
  }

  /** Moves the merge past all entries of the key taken last. */
  private boolean skipKey() {
    if (merged.isSingle()) {
      // One source shows a key once: nothing to compare.
      return advance();
    }
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
    stretch.clear();
    boolean more = true;
    while (more && !isBelowLow()) {
      takeKey();
      boolean alone = merged.leadsAlone();
      boolean live = merged.kind() != ValueKind.DELETE;
      if (live) {
        takeValue();
      }
      if (live || !alone) {
        // Entries of a key come oldest first now: the last one wins.
        more = retreat();
        while (more && !alone && isTakenKey()) {
          skipped++;
          live = merged.kind() != ValueKind.DELETE;
          if (live) {
            takeValue();
          }
          more = retreat();
        }
      }
      if (live) {
        place = Place.ON;
        if (stretch.isOn()) {
          stretch.endBackward(key, keyLength, true, skipped());
        }
        // With nothing left, the merge has no position; a further previous() must not use it.
        exhaustedBackward = !more;
        return true;
      }
      skipped++;
      if (more) {
        more = passBackward(alone);
      }
    }
    if (stretch.isOn()) {
      stretch.endBackward(low, low.length, false, skipped());
    }
    return begin();
  }

  /**
   * Goes around a dead range that the key taken last is in, or past a deletion, and past many, that
   * the merge stands on because it hides nothing here.
   */
  private boolean passBackward(boolean onDeletion) {
    DeadRanges.Range dead = deadAhead();
    if (dead != null && stretch.isIn(dead, key, keyLength)) {
      return Keys.compare(dead.low(), low) > 0 && jump(dead.low());
    }
    if (!onDeletion) {
      return true;
    }
    byte[] bound = Keys.compare(low, segment.low) > 0 ? low : segment.low;
    byte[] end = dead == null ? null : dead.high();
    bound = end != null && Keys.compare(end, bound) > 0 ? end : bound;
    return (merged.previousPastDeletions(bound, 0, bound.length) && !segment.isBeforeBegin())
        || stepBackOverSegments();
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

  private void openSegment(int slot) {
    // Every new position begins here: what an earlier way back left behind is over.
    exhaustedBackward = false;
    segment.open(slot);
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
    return skipped + segment.passed();
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
    segment.close();
    owner.closed();
  }
}
