/**
 * What to compact next, as pure functions of a {@link dev.atll.policy.TreeSnapshot}: no clock, disk,
 * chance or thread. Engine, simulator and replay call the same code. Key bytes stay outside: a
 * policy names slots by rank and runs by position, the engine maps them to keys and ids.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.policy;
