package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import java.util.Arrays;

/** Reads a whole table and compares it with what it says of itself. */
final class TableVerifier {
  private final TableReader reader;
  private final ReadPurpose purpose;
  private final TableImage file;
  // Kept without an allocation a key: every merge and flush reads its output back through here.
  private byte[] lastKey = new byte[64];
  private int lastKeyLength;
  private long lastRevision;
  private long entries;
  private long tombstones;
  private long minRevision = Long.MAX_VALUE;
  private long maxRevision;
  private long keyBytes;
  private long valueBytes;
  private long digest;

  TableVerifier(TableReader reader, ReadPurpose purpose) {
    this.purpose = purpose;
    this.reader = reader;
    this.file = reader.file();
  }

  void run() {
    for (int p = 0; p < reader.partitionCount(); p++) {
      try {
        verifyPartition(p);
      } catch (InternalError | IndexOutOfBoundsException e) {
        throw reader.unreadable(p, e);
      }
    }
    TableInfo info = file.info;
    boolean consistent =
        entries == info.entries()
            && tombstones == info.tombstones()
            && (entries == 0 ? 0 : minRevision) == info.minRevision()
            && maxRevision == info.maxRevision()
            && keyBytes == info.keyBytes()
            && valueBytes == info.valueBytes()
            && digest == info.digest()
            && Arrays.equals(lastKey, 0, lastKeyLength, info.largestKey(), 0, info.largestKey().length);
    if (!consistent) {
      throw file.damaged(0, "entries disagree with the properties");
    }
  }

  private void verifyPartition(int p) {
    // Anew, so that filter and index are checked as they are now.
    Partition partition =
        new Partition(
            file, file.sections[p], false, null, new BlockTraffic(), purpose.pastPages);
    TableInfo.PartitionInfo info = file.info.partitions().get(p);
    long entriesBefore = entries;
    long tombstonesBefore = tombstones;
    TableCursor cursor = new TableCursor(reader, Keys.EMPTY, null, purpose);
    for (int b = 0; b < partition.blocks; b++) {
      long offset = partition.position(b) & Partition.OFFSET;
      byte[] separator = b == 0 ? file.sections[p].separator() : partition.separator(b);
      boolean firstOfBlock = true;
      for (boolean on = cursor.enter(p, partition, b); on; on = cursor.nextInBlock()) {
        if (firstOfBlock) {
          firstOfBlock = false;
          boolean starts =
              partition.isContinuation(b)
                  ? Keys.compare(
                          separator, 0, separator.length,
                          cursor.keyArray(), 0, cursor.keyLength())
                      == 0
                  : Keys.compare(
                              separator, 0, separator.length,
                              cursor.keyArray(), 0, cursor.keyLength())
                          <= 0
                      && (entries == 0 || Keys.compare(lastKey, 0, lastKeyLength, separator, 0, separator.length) < 0);
          if (!starts || (b == 0 && !startsWith(info.firstKey(), cursor))) {
            throw file.damaged(offset, "block does not begin where the index says");
          }
        }
        verifyEntry(cursor, partition, offset);
      }
    }
    if (entries - entriesBefore != info.entries()
        || tombstones - tombstonesBefore != info.tombstones()) {
      throw file.damaged(file.sections[p].dataOffset(), "entries disagree with the directory");
    }
  }

  private static boolean startsWith(byte[] firstKey, TableCursor cursor) {
    return Keys.compare(
            firstKey, 0, firstKey.length, cursor.keyArray(), 0, cursor.keyLength())
        == 0;
  }

  private void verifyEntry(TableCursor cursor, Partition partition, long offset) {
    byte[] key = cursor.keyArray();
    int length = cursor.keyLength();
    int order =
        entries == 0 ? -1 : Keys.compare(lastKey, 0, lastKeyLength, key, 0, length);
    if (order > 0 || (order == 0 && entries > 0 && cursor.revision() >= lastRevision)) {
      throw file.damaged(offset, "entries out of order");
    }
    long hash = Keys.hash(key, 0, length);
    if (!partition.filter.mayContain(partition.filterMemory, hash)) {
      throw new CorruptionException(file.name, partition.filterOffset, "filter lacks a key");
    }
    if (order != 0 || entries == 0) {
      if (lastKey.length < length) {
        lastKey = new byte[Math.max(length, 2 * lastKey.length)];
      }
      System.arraycopy(key, 0, lastKey, 0, length);
      lastKeyLength = length;
    }
    lastRevision = cursor.revision();
    entries++;
    tombstones += cursor.kind() == ValueKind.DELETE ? 1 : 0;
    minRevision = Math.min(minRevision, lastRevision);
    maxRevision = Math.max(maxRevision, lastRevision);
    keyBytes += length;
    valueBytes += cursor.valueLength();
    digest +=
        EntryDigest.of(
            hash,
            lastRevision,
            cursor.kind(),
            cursor.valueSegment(),
            cursor.valueOffset(),
            cursor.valueLength());
  }
}
