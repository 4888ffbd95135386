package dev.atll.replay;

/**
 * The cheapest schedule of merges for things that arrive one after the other, known in hindsight.
 *
 * <p>Arrivals 0 to n - 1 become runs; any neighbouring runs may be merged at any time at a price that
 * depends only on which arrivals go into the output; after arrival t, until the next one, each run
 * costs its readers {@code reads[t]}. Merging earlier, at the arrival of the output's newest member,
 * never costs more, so it is enough to look at schedules that merge a suffix at each arrival. Let
 * H(i, n) be the least cost of arrivals i to n - 1 alone, and j the last arrival at which the oldest
 * of them is rewritten; then
 *
 * <pre>H(i, n) = min over i &lt; j ≤ n of H(i, j-1) + price(i, j-1) + Σ reads[j-1 .. n-1] + H(j, n)</pre>
 *
 * <p>This is the dynamic program of a binary search tree over time, O(n³) in time and O(n²) in space;
 * where all arrivals are alike, {@link #alike} takes O(n²) and O(n). The schedules between which it
 * chooses are those of Bentley and Saxe (1980) and Mathieu et al. (2014, "Online list merging").
 */
final class HindsightOptimum {
  /** What it costs to have some neighbouring arrivals in one run. */
  @FunctionalInterface
  public interface Price {
    /**
     * The price of the run of arrivals {@code first} to {@code last}, both included, made when {@code
     * last} arrives; with {@code first == last} that of the arrival alone. At least 0, and never more
     * than making it later.
     */
    double of(int first, int last);
  }

  /**
   * The optimum.
   *
   * @param mergeCost the prices paid
   * @param readCost what readers paid: each run at each time
   */
  public record Result(double mergeCost, double readCost) {
    /** Both together. */
    public double cost() {
      return mergeCost + readCost;
    }
  }

  private final Price price;
  // reads up to and with time t, exclusive of none: prefix[t] is the sum of the first t.
  private final double[] readsBefore;
  private final double[][] least;
  private final int[][] rewrittenAt;

  private HindsightOptimum(double[] reads, Price price) {
    int n = reads.length;
    this.price = price;
    this.readsBefore = new double[n + 1];
    for (int t = 0; t < n; t++) {
      readsBefore[t + 1] = readsBefore[t] + reads[t];
    }
    this.least = new double[n + 1][];
    this.rewrittenAt = new int[n + 1][];
    for (int i = n; i >= 0; i--) {
      least[i] = new double[n + 1];
      rewrittenAt[i] = new int[n + 1];
      for (int end = i + 1; end <= n; end++) {
        solve(i, end);
      }
    }
  }

  private void solve(int i, int end) {
    double best = Double.POSITIVE_INFINITY;
    int bestAt = end;
    for (int j = i + 1; j <= end; j++) {
      double cost =
          least[i][j - 1]
              + price.of(i, j - 1)
              + (readsBefore[end] - readsBefore[j - 1])
              + least[j][end];
      if (cost < best) {
        best = cost;
        bestAt = j;
      }
    }
    least[i][end] = best;
    rewrittenAt[i][end] = bestAt;
  }

  /**
   * Finds it.
   *
   * @param reads for each arrival what one run costs its readers from then until the next
   * @param price of runs
   */
  public static Result of(double[] reads, Price price) {
    HindsightOptimum solved = new HindsightOptimum(reads, price);
    double[] parts = new double[2];
    solved.addParts(0, reads.length, parts);
    return new Result(parts[0], parts[1]);
  }

  private void addParts(int i, int end, double[] parts) {
    if (i >= end) {
      return;
    }
    int j = rewrittenAt[i][end];
    parts[0] += price.of(i, j - 1);
    parts[1] += readsBefore[end] - readsBefore[j - 1];
    addParts(i, j - 1, parts);
    addParts(j, end, parts);
  }

  /**
   * The optimum where every arrival is one unit, a run of k units costs k, and readers pay the same
   * at all times.
   *
   * @param n arrivals
   * @param read what a run costs its readers from one arrival to the next
   */
  public static Result alike(int n, double read) {
    double[] merge = new double[n + 1];
    double[] runs = new double[n + 1];
    for (int m = 1; m <= n; m++) {
      double best = Double.POSITIVE_INFINITY;
      for (int j = 1; j <= m; j++) {
        double mergeCost = merge[j - 1] + j + merge[m - j];
        double runTime = runs[j - 1] + (m - j + 1) + runs[m - j];
        double cost = mergeCost + read * runTime;
        if (cost < best) {
          best = cost;
          merge[m] = mergeCost;
          runs[m] = runTime;
        }
      }
    }
    return new Result(merge[n], read * runs[n]);
  }
}
