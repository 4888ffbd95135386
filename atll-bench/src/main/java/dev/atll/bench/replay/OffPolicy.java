package dev.atll.bench.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.policy.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.jspecify.annotations.Nullable;

/**
 * What another decider's choices would have been rewarded with, from decisions that chance made: each
 * reward counts by how unlikely its decision was (inverse propensity scores; Horvitz and Thompson
 * 1952), as such, divided by the weights (self-normalised; Swaminathan and Joachims 2015), and as a
 * correction of a model (doubly robust; Dudík, Langford and Li 2011), the model being the mean reward
 * of the kind of action. Decisions that nothing else could have come out of say nothing about others
 * and are left out. Not thread-safe.
 */
public final class OffPolicy {
  private static final int RESAMPLES = 2_000;
  private static final double LOW_PERCENT = 2.5;
  private static final double HIGH_PERCENT = 97.5;

  private record Pending(double propensity, boolean agreed, String kind, @Nullable String other) {}

  /** A decision made by chance and rewarded. */
  record Sample(
      double propensity, boolean agreed, String kind, @Nullable String other, double reward) {}

  /**
   * An estimate with a 95 % interval by the percentile bootstrap.
   *
   * @param value the estimate
   * @param low lower end
   * @param high upper end
   */
  public record Estimate(double value, double low, double high) {}

  /**
   * The mean reward, each way.
   *
   * @param samples decisions made by chance and rewarded
   * @param certain rewarded decisions left out, since their propensity is 1
   * @param effective how many samples the weights are worth: (Σw)² ÷ Σw²
   * @param logged mean reward of what was done
   * @param ips by inverse propensity scores
   * @param snips self-normalised
   * @param doublyRobust as a correction of the model
   */
  public record Estimates(
      int samples,
      long certain,
      double effective,
      Estimate logged,
      Estimate ips,
      Estimate snips,
      Estimate doublyRobust) {}

  private final Map<Long, Pending> pending = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private long certain;

  OffPolicy() {}

  void made(DecisionEvent.Made made, Candidate taken, @Nullable Candidate instead) {
    pending.put(
        made.decisionId(),
        new Pending(
            made.propensity(),
            instead != null && instead.action().equals(taken.action()),
            Agreements.name(taken),
            instead == null ? null : Agreements.name(instead)));
  }

  void rewarded(DecisionEvent.Rewarded event) {
    Pending made = pending.remove(event.decisionId());
    if (made == null || !Double.isFinite(event.reward())) {
      return;
    }
    if (made.propensity == 1) {
      certain++;
      return;
    }
    add(new Sample(made.propensity, made.agreed, made.kind, made.other, event.reward()));
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /** The estimates; null without a single decision made by chance and rewarded. */
  public @Nullable Estimates estimates() {
    int n = samples.size();
    if (n == 0) {
      return null;
    }
    Map<String, double[]> model = model();
    double[] logged = new double[n];
    double[] weight = new double[n];
    double[] weighted = new double[n];
    double[] robust = new double[n];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      Sample s = samples.get(i);
      logged[i] = s.reward;
      weight[i] = s.agreed ? 1 / s.propensity : 0;
      weighted[i] = weight[i] * s.reward;
      // Doing nothing is rewarded with nothing; a kind never seen is given the mean of all.
      double expected = s.other == null ? 0 : mean(model, s.other);
      robust[i] = expected + weight[i] * (s.reward - mean(model, s.kind));
      sum += weight[i];
      squares += weight[i] * weight[i];
    }
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return new Estimates(
        n,
        certain,
        squares == 0 ? 0 : sum * sum / squares,
        estimate(logged, ones),
        estimate(weighted, ones),
        estimate(weighted, weight),
        estimate(robust, ones));
  }

  /** Sum and count of rewards by kind, and of all under no name. */
  private Map<String, double[]> model() {
    Map<String, double[]> sums = new HashMap<>();
    for (Sample s : samples) {
      for (String name : List.of("", s.kind)) {
        double[] sum = sums.computeIfAbsent(name, k -> new double[2]);
        sum[0] += s.reward;
        sum[1]++;
      }
    }
    return sums;
  }

  private static double mean(Map<String, double[]> model, String kind) {
    double[] sum = model.get(kind);
    if (sum == null) {
      sum = Objects.requireNonNull(model.get(""));
    }
    return sum[0] / sum[1];
  }

  /** Σ numerators ÷ Σ denominators, resampled by pairs. */
  private static Estimate estimate(double[] numerators, double[] denominators) {
    int n = numerators.length;
    RandomGenerator random = new Well19937c(20_011L * n);
    double[] drawn = new double[RESAMPLES];
    int kept = 0;
    for (int r = 0; r < RESAMPLES; r++) {
      double above = 0;
      double below = 0;
      for (int i = 0; i < n; i++) {
        int at = random.nextInt(n);
        above += numerators[at];
        below += denominators[at];
      }
      if (below > 0) {
        drawn[kept++] = above / below;
      }
    }
    double above = 0;
    double below = 0;
    for (int i = 0; i < n; i++) {
      above += numerators[i];
      below += denominators[i];
    }
    if (below == 0 || kept == 0) {
      return new Estimate(Double.NaN, Double.NaN, Double.NaN);
    }
    Percentile percentile = new Percentile();
    percentile.setData(drawn, 0, kept);
    return new Estimate(
        above / below, percentile.evaluate(LOW_PERCENT), percentile.evaluate(HIGH_PERCENT));
  }
}
