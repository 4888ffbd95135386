/**
 * What the engine tells the world: typed events, meters, and the sinks that carry them on.
 */
@NullMarked
package dev.atll.observe;

import org.jspecify.annotations.NullMarked;
