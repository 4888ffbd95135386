/**
 * The newest data, sorted in memory: a skip list with one inserter and lock-free readers. Knows no
 * file and no thread.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.memtable;
