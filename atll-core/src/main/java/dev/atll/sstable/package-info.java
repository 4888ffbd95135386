/**
 * One immutable sorted file: its writer, its reader, its cursor. The bytes are described in {@code
 * context/formats/table.md}, the reasons in {@code context/decisions/0003-block-layout.md}.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.sstable;
