package dev.atll.sstable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds the heap that indexes of partitions take, over all tables of a store that are not mapped: a
 * store may have more of them than a heap holds. The one that was left alone longest (second chance)
 * goes, and is read again when it is next asked. Thread-safe.
 */
public final class IndexBudget {
  private record Held(TableReader reader, int p, Partition partition) {}

  private final long bytesMax;
  private final Deque<Held> held = new ArrayDeque<>();
  private long bytes;
  private long evictions;

  /** Creates it, empty; the index asked last stays, whatever its size. */
  public IndexBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Notes that a table keeps the index of a partition, and lets others go that are too many. */
  synchronized void added(TableReader reader, int p, Partition partition) {
    held.addLast(new Held(reader, p, partition));
    bytes += partition.heapBytes();
    // Each is looked at twice at most: the first look takes its mark away.
    for (int looks = 2 * held.size(); bytes > bytesMax && looks > 0 && held.size() > 1; looks--) {
      Held first = held.removeFirst();
      if (first.partition != partition && !first.partition.wasAsked()) {
        first.reader.drop(first.p, first.partition);
        bytes -= first.partition.heapBytes();
        evictions++;
      } else {
        held.addLast(first);
      }
    }
  }

  /** Forgets what a table keeps, which is being closed or read in another way. */
  synchronized void forget(TableReader reader) {
    for (Held one : held) {
      if (one.reader == reader) {
        bytes -= one.partition.heapBytes();
      }
    }
    held.removeIf(one -> one.reader == reader);
  }

  /** Heap that the indexes take now. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Indexes that had to make room. */
  public synchronized long evictions() {
    return evictions;
  }
}
