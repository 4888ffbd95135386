package dev.atll.observe.event;

/** Why an action was offered. */
public enum DecisionReason {
  /** Not recorded: traces before version 1.2 lack it. */
  UNKNOWN,
  /** A slot has as many runs as the engine allows. */
  RUNS_CAP,
  /** A slot has more runs than the policy's K. */
  RUNS,
  /** Reads have paid as much at run boundaries as removing them costs. */
  READ_BURDEN,
  /** A read could meet more runs than its bound allows. */
  READ_BOUND,
  /** A level or slot holds more bytes than its target. */
  SIZE,
  /** Overwritten or dead data exceeds the space bound. */
  SPACE,
  /** Too many deletions, or one that nears its deadline. */
  TOMBSTONES,
  /** A slot is large enough to be cut in two. */
  SPLIT,
  /** Neighbouring slots are small enough to be joined. */
  JOIN
}
