/**
 * What the engine tells the world: a closed set of facts, as records of primitives.
 *
 * <p>Three rules hold for every event. It never carries a byte of a user's key or value: places in
 * the key space are ranks or fractions, files are numbers, names are {@link
 * dev.atll.observe.event.Label}s. It is a value: equal content means equal events, and nothing in
 * it can change later. It marks a turning point, or is a periodic summary; traffic is counted by
 * meters, never by one event per operation.
 */
@NullMarked
package dev.atll.observe.event;

import org.jspecify.annotations.NullMarked;
