package dev.atll.policy;

/**
 * The shape that scaling parameters W of the unified compaction strategy stand for (Cassandra, CEP-26):
 * level i is f times as large as the one above and is compacted when it has t runs, where W below 0
 * means leveling with f = 2 - W and t = 2, and W from 0 on tiering with f = t = 2 + W.
 *
 * @param scaling W of each level from 1; the last also stands for all deeper ones
 */
record UcsShape(int[] scaling) {
  static final int W_MIN = -62;
  static final int W_MAX = 62;

  int scaling(int level) {
    return scaling[Math.min(level, scaling.length) - 1];
  }

  int fanout(int level) {
    return fanoutOf(scaling(level));
  }

  int runsMax(int level) {
    return threshold(scaling(level)) - 1;
  }

  static int fanoutOf(int w) {
    return 2 + Math.abs(w);
  }

  static int threshold(int w) {
    return w < 0 ? 2 : 2 + w;
  }

  /** How large the levels shall be. */
  SizeRules sizes(TreeSnapshot now) {
    long[] targets = new long[now.levels().size()];
    double target = now.settings().memtableBytes();
    for (int i = 0; i < targets.length; i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * fanout(i + 1));
      targets[i] = (long) target;
    }
    return new SizeRules(now, targets);
  }

  void consider(SlotFacts slot, boolean full, Look look) {
    new FluidRules(look, this::runsMax, this::fanout).consider(slot, full);
  }
}
