/** Recorded requests of real systems, read from files so that they can be replayed. */
@NullMarked
package dev.atll.bench.trace;

import org.jspecify.annotations.NullMarked;
