/**
 * Checksummed framing for files that are written once from start to end: the log and the manifest.
 * The layout is in {@code context/formats/record.md}. Knows nothing of what records mean.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.record;
