package dev.atll.sstable;

import java.util.List;

/**
 * What a table holds, as its writer counted it. The arrays are not copied and must not be written.
 *
 * @param fileNumber number of the file, which seeds its checksums
 * @param fileBytes length of the file
 * @param entries entries of all kinds
 * @param tombstones deletions among them
 * @param smallestKey first key; empty if the table is empty
 * @param largestKey last key; empty if the table is empty
 * @param minRevision smallest revision; 0 if the table is empty
 * @param maxRevision largest revision; 0 if the table is empty
 * @param keyBytes bytes of all keys, as given
 * @param valueBytes bytes of all values, as given
 * @param digest wrapping sum of {@link EntryDigest#of} over the entries
 * @param filterBytes bytes of all filters
 * @param falsePositiveRate share of absent keys that the filters are expected to admit, over the
 *     partitions by their keys; 1 without filters
 * @param partitions the partitions, in key order
 */
public record TableInfo(
    long fileNumber,
    long fileBytes,
    long entries,
    long tombstones,
    byte[] smallestKey,
    byte[] largestKey,
    long minRevision,
    long maxRevision,
    long keyBytes,
    long valueBytes,
    long digest,
    long filterBytes,
    double falsePositiveRate,
    List<PartitionInfo> partitions) {

  /**
   * A partition: a stretch of the file with its own filter and index.
   *
   * @param firstKey its first key
   * @param bytes what it takes in the file, filter and index included
   * @param entries entries of all kinds
   * @param tombstones deletions among them
   * @param blocks data blocks
   */
  public record PartitionInfo(
      byte[] firstKey, long bytes, long entries, long tombstones, int blocks) {}
}
