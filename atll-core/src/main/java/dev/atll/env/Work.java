package dev.atll.env;

/** What a compaction thread spends its processor time on; see {@link Clock#enters}. */
public enum Work {
  /** A look at the tree: what the policy sees, what it answers, what is chosen. */
  DECIDE,
  /** What a chosen action reads and writes: inputs, bounds, leases, filters. */
  PLAN,
  /** A slice of a merge, the end of its tables included. */
  MERGE,
  /** An edit of the tree, from the manifest to the published state. */
  INSTALL,
  /** Telling of what was done: counters, rewards, events. */
  REPORT,
  /** Anything else; also where a thread begins. */
  OTHER
}
