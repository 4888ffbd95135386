/** Reading a pinned state: point lookups, merging cursors, the open tables. */
@org.jspecify.annotations.NullMarked
package dev.atll.read;
