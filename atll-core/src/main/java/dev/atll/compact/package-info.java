/** Carrying out one compaction in slices. */
@org.jspecify.annotations.NullMarked
package dev.atll.compact;
