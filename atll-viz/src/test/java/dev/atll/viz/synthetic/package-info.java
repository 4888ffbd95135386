/**
 * An engine that is not there: it emits the events a busy store would, from a small model with a
 * seed, so that the dashboard can be built, tested and looked at on its own.
 */
@NullMarked
package dev.atll.viz.synthetic;

import org.jspecify.annotations.NullMarked;
