/**
 * A strict twin of the world, in memory: a seed replays a whole engine history on one thread.
 *
 * <p>{@link dev.atll.env.sim.SimEnv} is the door. Its files keep apart what is visible and what is
 * durable, byte by byte and name by name, and {@link dev.atll.env.sim.SimFileSystem#crash} makes an
 * image of what a power cut may leave, always as a new file system: the running one is never reset
 * in place, so that a history may be cut at each of its points and go on.
 */
@NullMarked
package dev.atll.env.sim;

import org.jspecify.annotations.NullMarked;
