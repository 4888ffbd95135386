/** Order, log, insert: the way of a write, and how writers are held back. */
@org.jspecify.annotations.NullMarked
package dev.atll.write;
