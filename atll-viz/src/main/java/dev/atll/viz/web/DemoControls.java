package dev.atll.viz.web;

import java.util.List;

/**
 * What a viewer of a demonstration may change: the handles of the demo run, not of a store.
 *
 * <p>Calls come from web threads, one for each request, possibly at the same time; implementations
 * are safe for that and return quickly. Arguments have been checked for range by the caller; an
 * {@link IllegalArgumentException} is shown to the viewer by its message, anything else thrown is
 * reported as a failure without details.
 */
public interface DemoControls {

  /**
   * What can be chosen and what is in force.
   *
   * @return the present state
   */
  State state();

  /**
   * Makes another compaction policy decide.
   *
   * @param policy one of {@link State#policies}
   * @throws IllegalArgumentException if there is no such policy, or it cannot be changed now
   */
  void setPolicy(String policy);

  /**
   * Drives the store with another workload.
   *
   * @param workload one of {@link State#workloads}
   * @throws IllegalArgumentException if there is no such workload
   */
  void setWorkload(String workload);

  /**
   * Moves the hot part of the key space.
   *
   * @param lowFraction where it begins, 0 to 1, below {@code highFraction}
   * @param highFraction where it ends, 0 to 1
   */
  void setHotRange(double lowFraction, double highFraction);

  /**
   * Sets the pace of the workload.
   *
   * @param opsPerSecond operations a second, above 0 up to {@link State#rateMax}; 0 means as fast as
   *     it goes
   */
  void setRate(double opsPerSecond);

  /** Adds a short burst of writes on top of the workload. */
  void burst();

  /**
   * No controls: the page then shows none.
   *
   * @return a shared instance
   */
  static DemoControls none() {
    return NoControls.INSTANCE;
  }

  /**
   * What the controls can do and how they stand.
   *
   * @param available false if there is nothing to control
   * @param policies names to choose from, in the order to show; may be empty
   * @param policy the name in force; empty if unknown
   * @param workloads names to choose from, in the order to show; may be empty
   * @param workload the name in force; empty if unknown
   * @param hotLowFraction where the hot range begins, 0 to 1
   * @param hotHighFraction where it ends, 0 to 1
   * @param rate operations a second aimed at; 0 means as fast as it goes
   * @param rateMax the largest rate that may be set, above 0
   */
  record State(
      boolean available,
      List<String> policies,
      String policy,
      List<String> workloads,
      String workload,
      double hotLowFraction,
      double hotHighFraction,
      double rate,
      double rateMax) {

    /** Takes copies of the lists. */
    public State {
      policies = List.copyOf(policies);
      workloads = List.copyOf(workloads);
    }
  }
}
