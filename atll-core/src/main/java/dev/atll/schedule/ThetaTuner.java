package dev.atll.schedule;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.learn.ThetaLearner;
import org.jspecify.annotations.Nullable;

/**
 * Lets a learner set theta for an epoch, and tells it what the epoch cost. An epoch lasts at least a
 * half-life of operations and until level 1 could have been refilled once, since the effect of a
 * threshold shows only when slots have gone through a life under it; without writes it ends after
 * sixteen half-lives. The reward is minus the logarithm of the epoch's cost per operation ÷ the
 * smoothed cost of the epochs before, within [-1, 1]: doubling the cost is as bad at any scale.
 * It knows no clock, so that a simulator can drive it. Not thread-safe: its user serialises the calls.
 */
public final class ThetaTuner {
  private static final double SMOOTHING = 0.2;
  private static final int IDLE_HALF_LIVES = 16;

  /**
   * Monotone totals since the store opened.
   *
   * @param operations of users, reads and writes
   * @param bytesIn that came to level 1
   * @param readNanos of reads, at unit prices
   * @param mergeNanos of compactions, at unit prices
   */
  public record Totals(long operations, long bytesIn, double readNanos, double mergeNanos) {}

  private final ThetaLearner learner;
  private final boolean learns;
  private final double base;
  private final long halfLifeOps;
  private ThetaLearner.@Nullable Draw draw;
  private double[] context = {};
  private @Nullable Totals began;
  private double smoothedNanosPerOp;

  /**
   * Creates it.
   *
   * @param learner draws multiples of the base; the one called "off" keeps to the base
   * @param base the threshold of the options
   * @param halfLifeOps operations in which heat halves
   */
  public ThetaTuner(ThetaLearner learner, double base, long halfLifeOps) {
    this.learner = learner;
    this.learns = !learner.name().equals("off");
    this.base = base;
    this.halfLifeOps = halfLifeOps;
  }

  /** Burden ÷ cost from which a merge is worth its bytes, in this epoch. */
  public double theta() {
    ThetaLearner.Draw current = draw;
    return current == null ? base : base * current.theta();
  }

  /** The arm in force, or -1 without a learner. */
  public int arm() {
    ThetaLearner.Draw current = draw;
    return current == null ? -1 : current.arm();
  }

  double[] propensities() {
    ThetaLearner.Draw current = draw;
    return current == null ? new double[0] : current.propensities();
  }

  double[] context() {
    return context;
  }

  boolean explored() {
    ThetaLearner.Draw current = draw;
    return current != null && current.explored();
  }

  /** Ends the epoch if it is time, and begins the next. Returns whether theta may have changed. */
  public boolean tick(TreeSnapshot now, Totals totals) {
    if (!learns) {
      return false;
    }
    Totals since = began;
    ThetaLearner.Draw current = draw;
    if (since != null && current != null) {
      long operations = totals.operations() - since.operations();
      long refill = now.settings().fanout() * now.settings().memtableBytes();
      boolean refilled = totals.bytesIn() - since.bytesIn() >= refill;
      if (operations < halfLifeOps
          || (!refilled && operations < IDLE_HALF_LIVES * halfLifeOps)) {
        return false;
      }
      double nanosPerOp =
          (totals.readNanos() - since.readNanos() + totals.mergeNanos() - since.mergeNanos())
              / operations;
      if (smoothedNanosPerOp > 0 && nanosPerOp > 0) {
        double reward = Math.max(-1, Math.min(1, -Math.log(nanosPerOp / smoothedNanosPerOp)));
        learner.reward(context, current.arm(), reward);
        smoothedNanosPerOp += SMOOTHING * (nanosPerOp - smoothedNanosPerOp);
      } else {
        smoothedNanosPerOp = nanosPerOp;
      }
    }
    context = describe(now);
    draw = learner.draw(context);
    began = totals;
    return true;
  }

  /** What the tree and its load look like, each feature of order 1. */
  private static double[] describe(TreeSnapshot now) {
    double gets = 0;
    double seeks = 0;
    double bytesIn = 0;
    double slots = 0;
    double runs = 0;
    double bytes = 0;
    double entries = 0;
    double deletions = 0;
    double overwritten = 0;
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        if (level.level() == 1) {
          gets += slot.getHeat();
          seeks += slot.seekHeat();
          bytesIn += slot.writeHeat();
        }
        slots += slot.runs().isEmpty() ? 0 : 1;
        runs += slot.runs().size();
        for (RunFacts run : slot.runs()) {
          bytes += run.bytes();
          entries += run.entries();
          deletions += run.tombstones();
          overwritten += run.bytes() * run.overwritePermille() / 1000.0;
        }
      }
    }
    double writes = entries == 0 ? 0 : bytesIn * entries / Math.max(1, bytes);
    double all = Math.max(1, gets + seeks + writes);
    return new double[] {
      1,
      writes / all,
      gets / all,
      seeks / all,
      slots == 0 ? 0 : Math.log(runs / slots + 1),
      Math.log1p(bytes / now.settings().memtableBytes()) / 10,
      entries == 0 ? 0 : deletions / entries,
      bytes == 0 ? 0 : overwritten / bytes
    };
  }
}
