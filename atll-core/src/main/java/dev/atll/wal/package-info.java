/**
 * The write-ahead log: durable order of revisions. Segments are written once and never reopened for
 * writing; each names its predecessor and how much of it counts. The layout and the rules of
 * recovery are in {@code context/formats/wal.md}.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.wal;
