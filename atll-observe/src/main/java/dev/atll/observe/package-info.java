/**
 * Observation: meters that count traffic, and a channel of typed events that mark turning points.
 *
 * <p>The engine sees {@link dev.atll.observe.Observer} only: a {@link dev.atll.observe.Meter} and
 * an {@link dev.atll.observe.EventSink}. Everything else, from the in-memory meter to the adapters
 * in the packages below, is chosen by whoever opens the store, and none of it knows the engine.
 */
@NullMarked
package dev.atll.observe;

import org.jspecify.annotations.NullMarked;
