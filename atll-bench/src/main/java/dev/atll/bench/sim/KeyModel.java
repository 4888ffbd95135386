package dev.atll.bench.sim;

/** The key space in buckets: how many keys each has and how writes fall on them. */
final class KeyModel {
  private final double[] loadedKeys;
  private final Popularity popularity;

  KeyModel(double[] loadedKeys, Popularity popularity) {
    this.loadedKeys = loadedKeys;
    this.popularity = popularity;
  }

  int buckets() {
    return loadedKeys.length;
  }

  /** Keys of a bucket that exist from the beginning on. */
  double loadedKeys(int bucket) {
    return loadedKeys[bucket];
  }

  double uniques(double draws, double keys) {
    return popularity.uniques(draws, keys);
  }

  /** Probability that one key of a bucket is among so many draws there. */
  double reached(double draws, int bucket, double weight) {
    return popularity.reached(draws, loadedKeys[bucket], weight);
  }

  Popularity popularity() {
    return popularity;
  }
}
