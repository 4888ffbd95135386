/** Compression of single blocks. Decoders trust nothing: every size is bounded before use. */
@org.jspecify.annotations.NullMarked
package dev.atll.sstable.codec;
