package dev.atll.observe.event;

/**
 * One action a policy could have taken, with the numbers it was judged by.
 *
 * @param kind what would be done
 * @param reason why it was offered
 * @param level the level of the runs it starts from
 * @param slot the slot within that level
 * @param firstRun place of the newest run taken, 0 being the slot's newest
 * @param runs how many neighbouring runs it takes
 * @param costBytes all bytes it would read and write; 0 for an edit that moves no byte
 * @param burdenMicros measured read burden it would remove, in microseconds
 * @param index the policy's score: act on the largest; NaN if there is no cost to score against,
 *     and such an action goes before those that have one
 * @param urgent true if a hard constraint asks for it, whatever its index
 */
public record Candidate(
    ActionKind kind,
    DecisionReason reason,
    int level,
    int slot,
    int firstRun,
    int runs,
    long costBytes,
    double burdenMicros,
    double index,
    boolean urgent) {

  /** Takes the place-holders of engines and traces before 1.2 for what they are: no score. */
  public Candidate {
    if (costBytes == 0 || index == Double.MAX_VALUE) {
      index = Double.NaN;
    }
  }

  /**
   * Whether it costs nothing, such as a move or a split: done before whatever has a price.
   *
   * @return true if it reads and writes no data
   */
  public boolean isFree() {
    return costBytes == 0;
  }

  /**
   * The same without its reason, to be compared with what an older trace holds.
   *
   * @return a copy whose reason is {@link DecisionReason#UNKNOWN}
   */
  public Candidate withoutReason() {
    return new Candidate(
        kind,
        DecisionReason.UNKNOWN,
        level,
        slot,
        firstRun,
        runs,
        costBytes,
        burdenMicros,
        index,
        urgent);
  }
}
