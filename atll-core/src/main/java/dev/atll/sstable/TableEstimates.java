package dev.atll.sstable;

import dev.atll.base.Keys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** About how much of a table is in a range of keys, told from its directory and indexes. */
final class TableEstimates {
  private final TableReader reader;
  private final TableImage file;
  private final int partitions;

  TableEstimates(TableReader reader) {
    this.reader = reader;
    this.file = reader.file();
    this.partitions = reader.partitionCount();
  }

  /** Bytes of the file; additive over adjacent ranges. */
  long bytes(byte[] low, byte @Nullable [] high) {
    return Math.max(0, bytesBelow(high) - bytesBelow(low));
  }

  /** Entries, or deletions alone; additive up to rounding. */
  long entries(byte[] low, byte @Nullable [] high, boolean tombstones) {
    return Math.max(0, entriesBelow(high, tombstones) - entriesBelow(low, tombstones));
  }

  /** See {@link TableReader#sampleKeys}. */
  List<byte[]> sampleKeys(byte[] low, byte @Nullable [] high, int count) {
    List<byte[]> keys = new ArrayList<>(count);
    long from = bytesBelow(low);
    long total = bytesBelow(high) - from;
    byte[] last = low;
    for (int i = 1; i <= count; i++) {
      byte[] key = separatorAt(from + (long) ((double) total * i / (count + 1)));
      if (key != null
          && Keys.compare(last, key) < 0
          && (high == null || Keys.compare(key, high) < 0)) {
        keys.add(key);
        last = key;
      }
    }
    return keys;
  }

  /** Without this the last block of a table that ends inside the range would count as outside. */
  private boolean isBeyondAll(byte[] key) {
    return Keys.compare(file.info.largestKey(), key) < 0;
  }

  private long bytesBelow(byte @Nullable [] key) {
    if (partitions == 0) {
      return 0;
    }
    long end = file.sections[0].dataOffset();
    int p = key == null || isBeyondAll(key) ? partitions : reader.partitionOf(key, 0, key.length);
    for (int i = 0; i < p; i++) {
      end += file.info.partitions().get(i).bytes();
    }
    if (key == null || p == partitions) {
      return end;
    }
    Partition partition = reader.partition(p);
    int b = partition.blockOf(key, 0, key.length, Long.MAX_VALUE);
    return end + (partition.position(b) & Partition.OFFSET) - file.sections[p].dataOffset();
  }

  private long entriesBelow(byte @Nullable [] key, boolean tombstones) {
    long sum = 0;
    int p = key == null || isBeyondAll(key) ? partitions : reader.partitionOf(key, 0, key.length);
    for (int i = 0; i < Math.min(p, partitions); i++) {
      TableInfo.PartitionInfo info = file.info.partitions().get(i);
      sum += tombstones ? info.tombstones() : info.entries();
    }
    if (key == null || p == partitions) {
      return sum;
    }
    Partition partition = reader.partition(p);
    TableInfo.PartitionInfo info = file.info.partitions().get(p);
    double share =
        (double) partition.blockOf(key, 0, key.length, Long.MAX_VALUE) / partition.blocks;
    return sum + (long) (share * (tombstones ? info.tombstones() : info.entries()));
  }

  /** Separator of the block at so many bytes as {@link #bytesBelow} counts; null for the first. */
  private byte @Nullable [] separatorAt(long bytes) {
    if (partitions == 0) {
      return null;
    }
    long at = bytes - file.sections[0].dataOffset();
    int p = 0;
    while (p < partitions - 1 && at >= file.info.partitions().get(p).bytes()) {
      at -= file.info.partitions().get(p).bytes();
      p++;
    }
    Partition partition = reader.partition(p);
    long offset = file.sections[p].dataOffset() + at;
    int low = 0;
    int high = partition.blocks - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if ((partition.position(middle) & Partition.OFFSET) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low == 0) {
      return p == 0 ? null : file.sections[p].separator().clone();
    }
    return partition.separator(low);
  }
}
