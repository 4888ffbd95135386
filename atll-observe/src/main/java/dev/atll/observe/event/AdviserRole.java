package dev.atll.observe.event;

/** Who is asked before a decision; may be code of others. */
public enum AdviserRole {
  /** Says what is worth doing. */
  POLICY,
  /** Chooses among what is worth doing. */
  PICKER,
  /** Sets the threshold on burden over cost. */
  LEARNER
}
