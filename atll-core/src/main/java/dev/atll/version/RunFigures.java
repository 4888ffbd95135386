package dev.atll.version;

/**
 * What a run holds, in figures.
 *
 * @param minRevision lower end of the run's revision interval, inclusive
 * @param maxRevision upper end of the run's revision interval, inclusive
 * @param entries estimated entries within the bounds
 * @param tombstones estimated deletions within the bounds
 * @param bytes estimated data bytes within the bounds
 * @param overwritePermille estimated share of entries whose key exists in an older run, 0 to 1000
 * @param deletionsSinceMillis wall time when the oldest of its deletions was flushed, in
 *     milliseconds since 1970; 0 if it never had one
 */
public record RunFigures(
    long minRevision,
    long maxRevision,
    long entries,
    long tombstones,
    long bytes,
    int overwritePermille,
    long deletionsSinceMillis) {}
