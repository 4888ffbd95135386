/** The public vocabulary of the store. */
@org.jspecify.annotations.NullMarked
package dev.atll.api;
