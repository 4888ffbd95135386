package dev.atll.compact;

import dev.atll.version.VersionEdit;

/**
 * What a finished compaction wrote and dropped, and the edit that makes it part of the tree.
 *
 * @param edit removes the inputs and adds the outputs
 * @param bytesRead bytes of the inputs
 * @param bytesWritten bytes of the output files
 * @param entriesIn entries read
 * @param entriesOut entries written
 * @param droppedShadowed versions that no reader can see
 * @param droppedDeletions deletions with nothing left to delete
 */
public record CompactionResult(
    VersionEdit edit,
    long bytesRead,
    long bytesWritten,
    long entriesIn,
    long entriesOut,
    long droppedShadowed,
    long droppedDeletions) {}
