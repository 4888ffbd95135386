/**
 * The one seam to files, clock, background threads and chance.
 *
 * <p>Nothing else in the engine reads a clock, starts a thread, draws a random number or opens a
 * file. {@link dev.atll.env.Env#system()} is the real world; {@code dev.atll.env.sim} is a strict
 * twin in memory that replays a whole engine history from one seed on one thread, and {@code
 * dev.atll.env.fault} makes chosen calls fail.
 *
 * <p>Rules the seam keeps, so that whole classes of bugs cannot occur: files are append-only, are
 * never reopened for append and never recycled; names are flat and checked; an interrupt never
 * closes a file; a failed write never leaves a length that is only believed.
 */
@NullMarked
package dev.atll.env;

import org.jspecify.annotations.NullMarked;
