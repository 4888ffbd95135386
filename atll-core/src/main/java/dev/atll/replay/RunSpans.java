package dev.atll.replay;

/** Knows the revisions of the runs of a tree. */
@FunctionalInterface
public interface RunSpans {
  /** The revisions of a run of the tree, by its id. */
  RevisionSpan of(long runId);
}
