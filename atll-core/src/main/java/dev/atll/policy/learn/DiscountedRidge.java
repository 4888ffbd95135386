package dev.atll.policy.learn;

/**
 * Ridge regression that forgets: an observation made n observations ago has the weight gamma^n. One
 * arm's part of D-LinUCB (Russac, Vernade and Cappé, NeurIPS 2019): with V = Σ gamma^n x xᵀ + λI and W
 * = Σ gamma^2n x xᵀ + λI, a reward is estimated by xᵀ V⁻¹ Σ gamma^n r x, give or take a multiple of
 * √(xᵀ V⁻¹ W V⁻¹ x).
 */
final class DiscountedRidge {
  private static final double LAMBDA = 1;

  private final int size = Learners.CONTEXT_SIZE;
  private final double[][] v = ridge();
  private final double[][] w = ridge();
  private final double[] b = new double[size];

  /**
   * An estimate.
   *
   * @param mean of the reward
   * @param width standard deviation of the mean, for rewards whose noise has deviation 1
   */
  record Estimate(double mean, double width) {}

  private double[][] ridge() {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i][i] = LAMBDA;
    }
    return matrix;
  }

  /** One more observation was made, of whichever arm. */
  void forget(double gamma) {
    fade(v, gamma);
    fade(w, gamma * gamma);
    for (int i = 0; i < size; i++) {
      b[i] *= gamma;
    }
  }

  private void fade(double[][] matrix, double factor) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] *= factor;
      }
      // The ridge stays as it was.
      matrix[i][i] += (1 - factor) * LAMBDA;
    }
  }

  /** Takes in one observation. */
  void observe(double[] x, double reward) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        v[i][j] += x[i] * x[j];
        w[i][j] += x[i] * x[j];
      }
      b[i] += reward * x[i];
    }
  }

  Estimate estimate(double[] x) {
    double[] y = solve(v, x);
    double mean = 0;
    double square = 0;
    for (int i = 0; i < size; i++) {
      mean += y[i] * b[i];
      for (int j = 0; j < size; j++) {
        square += y[i] * w[i][j] * y[j];
      }
    }
    return new Estimate(mean, Math.sqrt(Math.max(0, square)));
  }

  /**
   * The y for which a y = x, by Cholesky's decomposition: a is symmetric and, because of its ridge,
   * positive definite, so no pivot is needed. At this size a library would save nothing.
   */
  private static double[] solve(double[][] a, double[] x) {
    int n = x.length;
    double[][] l = new double[n][n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      double right = x[i];
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
        right -= j < i ? l[i][j] * y[j] : 0;
      }
      y[i] = right / l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        y[i] -= l[k][i] * y[k];
      }
      y[i] /= l[i][i];
    }
    return y;
  }
}
