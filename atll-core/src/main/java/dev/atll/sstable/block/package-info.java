/** The inside of one data block: how entries are laid out, built, searched and checked. */
@org.jspecify.annotations.NullMarked
package dev.atll.sstable.block;
