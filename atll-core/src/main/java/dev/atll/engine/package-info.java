/** Wiring and lifecycle only. */
@org.jspecify.annotations.NullMarked
package dev.atll.engine;
