package dev.atll.version;

/**
 * A table file the tree refers to.
 *
 * @param number its number, never used again
 * @param bytes its length on disk
 * @param entries entries in the whole file
 * @param tombstones deletions in the whole file
 * @param dataBytes sum of key and value bytes in the whole file
 */
public record TableFile(long number, long bytes, long entries, long tombstones, long dataBytes) {}
