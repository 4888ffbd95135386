package dev.atll.kernel;

/**
 * Neighbouring slots of one level.
 *
 * @param level from 1
 * @param first rank of the first
 * @param last rank of the last
 */
public record Span(int level, int first, int last) {}
