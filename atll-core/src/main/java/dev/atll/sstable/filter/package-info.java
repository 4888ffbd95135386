/** Approximate membership: which keys a partition certainly lacks. */
@org.jspecify.annotations.NullMarked
package dev.atll.sstable.filter;
