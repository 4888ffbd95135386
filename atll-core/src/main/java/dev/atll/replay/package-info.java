/**
 * What policies saw, written down and read back: looks as columns of numbers, bit for bit, and the
 * hindsight optimum of what happened between them.
 */
@NullMarked
package dev.atll.replay;

import org.jspecify.annotations.NullMarked;
