package dev.atll.base;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Several sorted sequences as one, in cursor order. A binary heap of the sources by their current
 * entry: moving on compares about twice in the usual case that the same source leads again. A single
 * source is passed through without a compare.
 */
public final class MergingCursor implements EntryCursor {
  private EntryCursor[] sources;
  private int sourceCount;
  private EntryCursor[] heap;
  private int heapSize;
  private boolean forward = true;

  /** Merges sources, which it closes when it is closed. */
  public MergingCursor(EntryCursor... sources) {
    this.sources = sources;
    this.sourceCount = sources.length;
    this.heap = new EntryCursor[sources.length];
  }

  /** Takes other sources in place of those it has, which it does not close; no position after. */
  public void reset(EntryCursor[] newSources, int count) {
    sources = newSources;
    sourceCount = count;
    if (heap.length < count) {
      heap = new EntryCursor[Math.max(count, 2 * heap.length)];
    }
    heapSize = 0;
  }

  @Override
  public boolean seekToFirst() {
    forward = true;
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      if (sources[i].seekToFirst()) {
        heap[heapSize++] = sources[i];
      }
    }
    return heapify();
  }

  @Override
  public boolean seekToLast() {
    forward = false;
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      if (sources[i].seekToLast()) {
        heap[heapSize++] = sources[i];
      }
    }
    return heapify();
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long revision) {
    forward = true;
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      if (sources[i].seek(key, offset, length, revision)) {
        heap[heapSize++] = sources[i];
      }
    }
    return heapify();
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    forward = false;
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      if (sources[i].seekBefore(key, offset, length)) {
        heap[heapSize++] = sources[i];
      }
    }
    return heapify();
  }

  @Override
  public boolean next() {
    assert isValid();
    if (!forward) {
      turn(true);
    }
    return advance(heap[0].next());
  }

  @Override
  public boolean previous() {
    assert isValid();
    if (forward) {
      turn(false);
    }
    return advance(heap[0].previous());
  }

  /** Whether only one source is left on this way, so that no other can show the current key. */
  public boolean isSingle() {
    return heapSize == 1;
  }

  /** Whether no other source stands on the current key. */
  public boolean leadsAlone() {
    EntryCursor other = second();
    return other == null
        || other.keyHead() != heap[0].keyHead()
        || Keys.compare(
                other.keyArray(),
                other.keyOffset(),
                other.keyLength(),
                keyArray(),
                keyOffset(),
                keyLength())
            != 0;
  }

  /** The source that leads when the current one has gone on, or null. */
  private @Nullable EntryCursor second() {
    return switch (heapSize) {
      case 0, 1 -> null;
      case 2 -> heap[1];
      default -> precedes(heap[2], heap[1]) ? heap[2] : heap[1];
    };
  }

  @Override
  public boolean nextPastDeletions(byte @Nullable [] bound, int offset, int length) {
    assert isValid() && forward && leadsAlone();
    EntryCursor other = second();
    boolean otherIsNearer =
        other != null
            && (bound == null
                || Keys.compare(
                        other.keyArray(),
                        other.keyOffset(),
                        other.keyLength(),
                        bound,
                        offset,
                        length)
                    < 0);
    return advance(
        other != null && otherIsNearer
            ? heap[0].nextPastDeletions(other.keyArray(), other.keyOffset(), other.keyLength())
            : heap[0].nextPastDeletions(bound, offset, length));
  }

  @Override
  public boolean previousPastDeletions(byte[] bound, int offset, int length) {
    assert isValid() && !forward && leadsAlone();
    EntryCursor other = second();
    boolean otherIsNearer =
        other != null
            && Keys.compare(
                    other.keyArray(), other.keyOffset(), other.keyLength(), bound, offset, length)
                > 0;
    return advance(
        other != null && otherIsNearer
            ? heap[0].previousPastDeletions(
                other.keyArray(), other.keyOffset(), other.keyLength())
            : heap[0].previousPastDeletions(bound, offset, length));
  }

  @Override
  public long passed() {
    long sum = 0;
    for (int i = 0; i < sourceCount; i++) {
      sum += sources[i].passed();
    }
    return sum;
  }

  @Override
  public RuntimeException outOfOrder() {
    return heap[0].outOfOrder();
  }

  private boolean advance(boolean topIsValid) {
    if (!topIsValid) {
      heap[0] = heap[--heapSize];
      if (heapSize == 0) {
        return false;
      }
    }
    if (heapSize > 1) {
      siftDown(0);
    }
    return true;
  }

  /** Repositions every source for the other direction, the current entry staying on top. */
  @SuppressWarnings("ReferenceEquality") // sources are told apart by identity
  private void turn(boolean toForward) {
    byte[] key = java.util.Arrays.copyOfRange(keyArray(), keyOffset(), keyOffset() + keyLength());
    long revision = revision();
    EntryCursor top = heap[0];
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      EntryCursor source = sources[i];
      boolean valid;
      if (source == top) {
        valid = true;
      } else if (toForward) {
        valid = source.seek(key, 0, key.length, revision);
      } else {
        valid = source.seek(key, 0, key.length, revision) ? source.previous() : source.seekToLast();
      }
      if (valid) {
        heap[heapSize++] = source;
      }
    }
    forward = toForward;
    heapify();
    assert heap[0] == top : "sources share an entry";
  }

  private boolean heapify() {
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      siftDown(i);
    }
    return heapSize > 0;
  }

  private void siftDown(int from) {
    EntryCursor moving = heap[from];
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && precedes(heap[child + 1], heap[child])) {
        child++;
      }
      if (!precedes(heap[child], moving)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }

  private boolean precedes(EntryCursor a, EntryCursor b) {
    int c = Long.compareUnsigned(a.keyHead(), b.keyHead());
    if (c == 0) {
      c =
          Keys.compare(
              a.keyArray(), a.keyOffset(), a.keyLength(), b.keyArray(), b.keyOffset(), b.keyLength());
      if (c == 0) {
        c = Long.compare(b.revision(), a.revision());
      }
    }
    return forward ? c < 0 : c > 0;
  }

  @Override
  public boolean isValid() {
    return heapSize > 0;
  }

  @Override
  public byte[] keyArray() {
    return heap[0].keyArray();
  }

  @Override
  public int keyOffset() {
    return heap[0].keyOffset();
  }

  @Override
  public int keyLength() {
    return heap[0].keyLength();
  }

  @Override
  public long keyHead() {
    return heap[0].keyHead();
  }

  @Override
  public long revision() {
    return heap[0].revision();
  }

  @Override
  public int kind() {
    return heap[0].kind();
  }

  @Override
  public MemorySegment valueSegment() {
    return heap[0].valueSegment();
  }

  @Override
  public long valueOffset() {
    return heap[0].valueOffset();
  }

  @Override
  public int valueLength() {
    return heap[0].valueLength();
  }

  @Override
  public void close() {
    heapSize = 0;
    for (int i = 0; i < sourceCount; i++) {
      sources[i].close();
    }
  }
}
