/**
 * The shape of the tree as immutable values: runs in slots, slots between guards, guards in levels.
 * A shape changes only by applying a {@link dev.atll.version.VersionEdit}. No file, clock or thread.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.version;
