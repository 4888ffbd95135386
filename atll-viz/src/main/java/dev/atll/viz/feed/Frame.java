package dev.atll.viz.feed;

/**
 * What a viewer is told at once.
 *
 * @param id grows by one with every delta; a full picture carries the id of the last delta in it
 * @param json one JSON object on one line
 */
public record Frame(long id, String json) {}
