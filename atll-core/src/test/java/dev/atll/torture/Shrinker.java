package dev.atll.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing history short: leaves out pieces, halves first and single operations last, as long
 * as it still fails (Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, 2002).
 */
final class Shrinker {
  private Shrinker() {}

  /**
   * A shorter history that fails, or the given one.
   *
   * @param fails whether a history fails; it need not be the same failure
   */
  static List<Op> shrink(List<Op> failing, Predicate<List<Op>> fails, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    List<Op> ops = new ArrayList<>(failing);
    int piece = Math.max(1, ops.size() / 2);
    while (true) {
      boolean shorter = false;
      // From the end, since what comes after the failure is of no use.
      for (int start = ops.size() - piece; start > -piece && !ops.isEmpty(); start -= piece) {
        if (System.nanoTime() - end > 0) {
          return ops;
        }
        int from = Math.max(0, start);
        int to = Math.min(ops.size(), start + piece);
        List<Op> without = new ArrayList<>(ops.subList(0, from));
        without.addAll(ops.subList(to, ops.size()));
        if (fails.test(without)) {
          ops = without;
          shorter = true;
        }
      }
      if (piece > 1) {
        piece /= 2;
      } else if (!shorter) {
        return ops;
      }
    }
  }
}
