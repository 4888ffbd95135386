/** Memtables to tables of level 0, and from there to the slots of level 1. */
@org.jspecify.annotations.NullMarked
package dev.atll.flush;
