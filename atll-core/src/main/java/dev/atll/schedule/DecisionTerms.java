package dev.atll.schedule;

import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.TreeSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look goes by besides the tree, carried from one look to the next: the shadow price of
 * bandwidth, whether slots may be treated apart, and how far merging is behind. It knows no clock and
 * no tree, so that the simulator decides by the same terms. Not thread-safe: its user serialises the
 * calls.
 */
public final class DecisionTerms {
  // How often the predicted gain is looked at, in decisions: it needs thousands of reads to change.
  private static final int DECISIONS_PER_GAIN = 16;
  private static final int SLOTS_PER_GAIN = 1024;
  // Per-slot choices are worth their noise from this gain on, and are given up below the other: a
  // margin, so that the noise of the estimate does not switch them to and fro.
  private static final double GAIN_TO_ADAPT = 0.04;
  private static final double GAIN_TO_STOP = 0.02;
  // The price moves by this factor a look: up while the budget binds.
  private static final double PRICE_STEP = 1.1;

  private final boolean mayFallBack;
  private final int readSamplePeriod;
  private double price;
  private boolean adaptive = true;
  private List<Integer> uniformRuns = List.of();
  private long debtBytes;

  /**
   * Begins with no price, and slots treated apart.
   *
   * @param mayFallBack whether all slots of a level are treated alike while it pays
   * @param readSamplePeriod one read in this many is measured, 1 or more
   */
  public DecisionTerms(boolean mayFallBack, int readSamplePeriod) {
    this.mayFallBack = mayFallBack;
    this.readSamplePeriod = readSamplePeriod;
  }

  /** Theta, or the price of bandwidth where that is higher. */
  public double threshold(double theta) {
    return Math.max(theta, price);
  }

  /** The shadow price of bandwidth, in units of theta; 0 or more. */
  public double price() {
    return price;
  }

  /** The runs that every slot of a level shall have; empty while slots are treated apart. */
  public List<Integer> uniformRuns() {
    return adaptive ? List.of() : uniformRuns;
  }

  /** Whether slots are treated apart. */
  public boolean isAdaptive() {
    return adaptive;
  }

  /** Moves the price; once a look, before the policy is asked. */
  public void movePrice(boolean budgetBinds, double theta) {
    price = budgetBinds ? Math.max(price, theta) * PRICE_STEP : price / PRICE_STEP;
  }

  /** Notes what a look offers, and so how far merging is behind. */
  public void offered(List<Candidate> candidates) {
    debtBytes = debt(candidates);
  }

  /** Bytes that the candidates of the last look would write. */
  public long debtBytes() {
    return debtBytes;
  }

  /** Bytes of the candidates that could all be carried out: of each slot the greatest. */
  private static long debt(List<Candidate> candidates) {
    Map<Long, Long> bySlot = new HashMap<>();
    for (Candidate c : candidates) {
      long slot = ((long) c.action().level() << 32) | c.action().slot();
      bySlot.merge(slot, c.bytesWritten(), Math::max);
    }
    long sum = 0;
    for (long bytes : bySlot.values()) {
      sum += bytes;
    }
    return sum;
  }

  /**
   * After a decision: every so many, whether treating slots apart can pay.
   *
   * @param decisionId its number, from 1
   * @param now what it was made on
   * @param watched whether somebody wants to know, even if nothing follows from it
   * @return what can be gained, or null if it was not looked at this time
   */
  public @Nullable AdaptivityGain decided(long decisionId, TreeSnapshot now, boolean watched) {
    if ((!watched && !mayFallBack) || decisionId % decisionsPerGain(now) != 0) {
      return null;
    }
    AdaptivityGain gain = AdaptivityGain.of(now, readSamplePeriod);
    uniformRuns = gain.uniformRuns();
    if (!Double.isNaN(gain.overlap())) {
      adaptive = !mayFallBack || gain.gainLow() >= (adaptive ? GAIN_TO_STOP : GAIN_TO_ADAPT);
    }
    return gain;
  }

  /** The gain is added up over all slots: in a large tree it is looked at less often, for the same price. */
  private static int decisionsPerGain(TreeSnapshot now) {
    int slots = 0;
    for (LevelFacts level : now.levels()) {
      slots += level.slots().size();
    }
    return DECISIONS_PER_GAIN * Math.max(1, slots / SLOTS_PER_GAIN);
  }
}
