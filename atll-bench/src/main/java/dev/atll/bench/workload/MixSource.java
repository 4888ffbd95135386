package dev.atll.bench.workload;

/** Draws kinds of operations by fixed shares and their keys by a distribution. */
final class MixSource implements OpSource {
  /** The entries of a scan: that many, or up to that many drawn evenly. */
  record Lengths(int max, boolean drawn) {
    int next(Random64 random) {
      return drawn ? 1 + (int) random.nextLong(max) : max;
    }
  }

  private final Random64 random;
  private final OpKind[] kinds;
  private final double[] upTo;
  private final KeyDistribution keys;
  private final Lengths lengths;
  private final long keyCount;
  private final int threads;
  private long nextInsert;

  /**
   * One thread's stream.
   *
   * @param kinds the kinds that occur
   * @param shares how often each, adding up to 1
   * @param keys which key; null draws from the newest inserts backwards
   */
  MixSource(
      WorkloadSettings settings,
      int thread,
      OpKind[] kinds,
      double[] shares,
      boolean latest,
      KeyDistribution keys,
      Lengths lengths) {
    this.random = new Random64(settings.seed() * 1_000_003 + thread);
    this.kinds = kinds.clone();
    this.upTo = new double[shares.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += shares[i];
      upTo[i] = sum;
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException("shares add up to " + sum);
    }
    this.lengths = lengths;
    this.keyCount = settings.keys();
    this.threads = settings.threads();
    this.nextInsert = firstOwned(keyCount, threads, thread);
    if (latest) {
      Zipf ranks = new Zipf(keyCount, Distributions.YCSB_EXPONENT);
      this.keys = r -> Math.max(0, nextInsert - threads - ranks.next(r));
    } else {
      this.keys = keys;
    }
  }

  /** The first number from {@code from} on that a thread may insert: each has its residue class. */
  static long firstOwned(long from, int threads, int thread) {
    return from + Math.floorMod(thread - from, (long) threads);
  }

  @Override
  public void fill(OpBuffer into, int count) {
    into.clear();
    for (int i = 0; i < count; i++) {
      OpKind kind = drawKind();
      switch (kind) {
        case INSERT -> {
          into.add(kind, nextInsert, 1);
          nextInsert += threads;
        }
        case GET_ABSENT -> into.add(kind, random.nextLong(keyCount), 1);
        case SCAN, BATCH, GET_MANY -> into.add(kind, keys.next(random), lengths.next(random));
        case GET, PUT, DELETE, READ_MODIFY_WRITE -> into.add(kind, keys.next(random), 1);
      }
    }
  }

  private OpKind drawKind() {
    if (kinds.length == 1) {
      return kinds[0];
    }
    double u = random.nextDouble();
    int i = 0;
    while (i < kinds.length - 1 && u >= upTo[i]) {
      i++;
    }
    return kinds[i];
  }
}
