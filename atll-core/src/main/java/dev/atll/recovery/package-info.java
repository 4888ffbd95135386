/** Rebuilding the store after a stop, clean or not. */
@org.jspecify.annotations.NullMarked
package dev.atll.recovery;
