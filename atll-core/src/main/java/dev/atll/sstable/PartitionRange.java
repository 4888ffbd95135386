package dev.atll.sstable;

/**
 * Partitions of one table that a view of it can touch; computed once per view, it narrows the
 * search of every get.
 *
 * @param from first partition
 * @param to the one after the last
 */
public record PartitionRange(int from, int to) {}
