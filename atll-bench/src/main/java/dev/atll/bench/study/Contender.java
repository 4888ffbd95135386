package dev.atll.bench.study;

import dev.atll.bench.sim.SimSettings;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that is compared: a policy with its setting.
 *
 * @param policy as {@code Policies} reads it
 * @param fanout T
 * @param theta burden ÷ cost from which reads are relieved
 * @param scheduler the picker
 * @param slotBytes bytes a slot should hold; 0 for a quarter of the memtable
 * @param learner what tunes theta
 */
record Contender(
    String policy, int fanout, double theta, String scheduler, long slotBytes, String learner) {
  /** Half-life of heat as the source design of spec-ATLL has it. */
  private static final long SPEC_HALF_LIFE_OPS = 100_000;

  /** Without a learner. */
  Contender(String policy, int fanout, double theta, String scheduler, long slotBytes) {
    this(policy, fanout, theta, scheduler, slotBytes, "off");
  }

  static Contender of(String policy, int fanout) {
    return new Contender(policy, fanout, 1, "index", 0);
  }

  static Contender atll(int fanout, double theta) {
    return new Contender("atll", fanout, theta, "index", 0);
  }

  /** Whether it decides by itself what to do where. */
  boolean adapts() {
    return policy.equals("atll");
  }

  private boolean isSpec() {
    return policy.equals("spec");
  }

  String label() {
    StringBuilder text = new StringBuilder(policy).append(" T=").append(fanout);
    if (adapts() && theta != 1) {
      text.append(" θ=").append(theta);
    }
    if (!scheduler.equals("index")) {
      text.append(' ').append(scheduler);
    }
    if (!learner.equals("off")) {
      text.append(' ').append(learner);
    }
    if (slotBytes > 0) {
      text.append(" slot=").append(slotBytes >> 10).append("k");
    }
    return text.toString();
  }

  SimSettings on(SimSettings base) {
    return base.toBuilder()
        .policy(policy)
        .fanout(fanout)
        .theta(theta)
        .scheduler(scheduler)
        .learner(learner)
        .slotBytes(slotBytes)
        .heatHalfLifeOps(isSpec() ? SPEC_HALF_LIFE_OPS : base.heatHalfLifeOps())
        .build();
  }

  /** The same as settings of a store. */
  Map<String, String> store() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("policy", policy);
    settings.put("fanout", Integer.toString(fanout));
    settings.put("burdenThreshold", Double.toString(theta));
    settings.put("scheduler", scheduler);
    settings.put("learner", learner);
    if (slotBytes > 0) {
      settings.put("slotBytes", Long.toString(slotBytes));
    }
    if (isSpec()) {
      settings.put("heatHalfLifeOps", Long.toString(SPEC_HALF_LIFE_OPS));
    }
    return settings;
  }
}
