package dev.atll.replay;

/**
 * The revisions a run stands for: those of a merge's output are the union of its inputs', so that
 * they tell which arrivals are in it.
 *
 * @param first lowest revision
 * @param last highest revision, at least {@code first}
 */
public record RevisionSpan(long first, long last) {}
