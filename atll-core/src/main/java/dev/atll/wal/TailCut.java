package dev.atll.wal;

/**
 * Bytes that recovery left out, since a crash tore them before they were known to be on disk.
 *
 * @param file the log file in which the first of them is
 * @param offset where it is
 * @param bytesDropped how many there are, those of newer segments included
 * @param segmentsDropped newer segments left out whole
 * @param lastRevision last revision that was kept
 */
public record TailCut(
    String file, long offset, long bytesDropped, int segmentsDropped, long lastRevision) {}
