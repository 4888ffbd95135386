/** What metrics backends are shown of a store's meter; in the jar of the adapters. */
@org.jspecify.annotations.NullMarked
package dev.atll.observe.export;
