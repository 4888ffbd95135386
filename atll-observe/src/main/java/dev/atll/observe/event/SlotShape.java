package dev.atll.observe.event;

/**
 * One slot inside a {@link TreeEvent.Shape}.
 *
 * @param level 0 for L0, whose files are shown as the runs of one slot
 * @param slot place within the level, from 0
 * @param lowFraction where the slot begins in the key space, 0 to 1
 * @param highFraction where it ends
 * @param runFiles file numbers of its runs, newest first
 * @param runBytes bytes of its runs, newest first
 * @param heat reads that visited the slot, decayed; to be compared with other slots of the shape
 * @param k number of runs it is meant to hold; those it holds where the policy has no opinion
 * @param kStar predicted optimum of k, or NaN
 */
public record SlotShape(
    int level,
    int slot,
    double lowFraction,
    double highFraction,
    Longs runFiles,
    Longs runBytes,
    double heat,
    int k,
    double kStar) {

  /**
   * Checks that the two run columns agree.
   *
   * @throws IllegalArgumentException if they differ in size
   */
  public SlotShape {
    if (runFiles.size() != runBytes.size()) {
      throw new IllegalArgumentException(
          "run columns differ: " + runFiles.size() + " and " + runBytes.size());
    }
  }

  /**
   * Bytes of all runs together.
   *
   * @return the sum
   */
  public long bytes() {
    long sum = 0;
    for (int i = 0; i < runBytes.size(); i++) {
      sum += runBytes.get(i);
    }
    return sum;
  }
}
