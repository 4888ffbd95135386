/** Tests of the way of a write. */
@org.jspecify.annotations.NullMarked
package dev.atll.write;
