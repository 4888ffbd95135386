package dev.atll.bench.sim;

import org.jspecify.annotations.Nullable;

/**
 * What one output holds, by buckets of the key space: the part of the keys loaded at the beginning,
 * the number of writes drawn over these, deletions among those, and keys inserted later. Parts of
 * the load, and inserts, of different runs are disjoint; draws of different runs are independent.
 * Immutable once its sums are made.
 */
final class Content {
  final int low;
  final int high;
  final float @Nullable [] load;
  final float @Nullable [] draws;
  final float @Nullable [] deletes;
  final float @Nullable [] inserts;
  // Numbers of the loaded and inserted keys lie in these ranges.
  long loadFrom = Long.MAX_VALUE;
  long loadTo;
  long insertFrom = Long.MAX_VALUE;
  long insertTo;
  // After deletions met what they deleted, the loaded part is a share of any key, not a range.
  boolean folded;
  private final double[] entriesBelow;
  private final double @Nullable [] tombstonesBelow;

  Content(int low, int high, boolean load, boolean draws, boolean deletes, boolean inserts) {
    this.low = low;
    this.high = high;
    int width = high - low;
    this.load = load ? new float[width] : null;
    this.draws = draws ? new float[width] : null;
    this.deletes = deletes ? new float[width] : null;
    this.inserts = inserts ? new float[width] : null;
    this.entriesBelow = new double[width + 1];
    this.tombstonesBelow = deletes ? new double[width + 1] : null;
  }

  /** Adds what a view of another content shows. */
  void add(Content other, int from, int to) {
    int a = Math.max(from, low);
    int b = Math.min(to, high);
    addTo(load, other.load, other.low, a, b);
    addTo(draws, other.draws, other.low, a, b);
    addTo(deletes, other.deletes, other.low, a, b);
    addTo(inserts, other.inserts, other.low, a, b);
    loadFrom = Math.min(loadFrom, other.loadFrom);
    loadTo = Math.max(loadTo, other.loadTo);
    insertFrom = Math.min(insertFrom, other.insertFrom);
    insertTo = Math.max(insertTo, other.insertTo);
    folded |= other.folded;
  }

  private void addTo(
      float @Nullable [] mine, float @Nullable [] theirs, int theirLow, int from, int to) {
    if (mine == null || theirs == null) {
      return;
    }
    for (int b = from; b < to; b++) {
      mine[b - low] += theirs[b - theirLow];
    }
  }

  /** Lets deletions go where nothing older can hold their keys. */
  void purge(KeyModel keys, boolean[] olderBelow) {
    float[] gone = deletes;
    if (gone == null || draws == null || load == null) {
      return;
    }
    for (int i = 0; i < gone.length; i++) {
      if (olderBelow[i] || gone[i] <= 0) {
        continue;
      }
      double keysHere = keys.loadedKeys(low + i);
      double reached = keysHere <= 0 ? 0 : keys.uniques(draws[i], keysHere) / keysHere;
      double deleted = gone[i] / draws[i];
      load[i] = (float) (reached * (1 - deleted) + (1 - reached) * load[i]);
      draws[i] = 0;
      gone[i] = 0;
      folded = true;
    }
  }

  /** Makes the sums; call once, when all is added. */
  void seal(KeyModel keys) {
    double entries = 0;
    double tombstones = 0;
    for (int i = 0; i < high - low; i++) {
      double keysHere = keys.loadedKeys(low + i);
      double part = load == null ? 0 : Math.min(1, load[i]);
      double n = draws == null ? 0 : draws[i];
      double uniques = n <= 0 ? 0 : keys.uniques(n, keysHere);
      entries += part * keysHere + (1 - part) * uniques + (inserts == null ? 0 : inserts[i]);
      entriesBelow[i + 1] = entries;
      if (tombstonesBelow != null && deletes != null) {
        tombstones += n <= 0 ? 0 : uniques * deletes[i] / n;
        tombstonesBelow[i + 1] = tombstones;
      }
    }
  }

  double entries(int from, int to) {
    return entriesBelow[to - low] - entriesBelow[from - low];
  }

  double tombstones(int from, int to) {
    return tombstonesBelow == null ? 0 : tombstonesBelow[to - low] - tombstonesBelow[from - low];
  }

  /** Whether a key is there: by what is known of it, else by chance. */
  double presence(KeyModel keys, SimKey key) {
    int i = key.bucket - low;
    if (key.insertNumber >= 0) {
      return key.insertNumber >= insertFrom && key.insertNumber < insertTo ? 1 : 0;
    }
    double fromLoad = 0;
    if (load != null && load[i] > 0) {
      fromLoad = folded ? load[i] : key.loadNumber >= loadFrom && key.loadNumber < loadTo ? 1 : 0;
    }
    double fromDraws =
        draws == null || draws[i] <= 0
            ? 0
            : keys.reached(draws[i], key.bucket, key.weight);
    return 1 - (1 - fromLoad) * (1 - fromDraws);
  }

  /** Given that the key is there, the probability that its newest version is a deletion. */
  double deleted(SimKey key) {
    int i = key.bucket - low;
    return deletes == null || draws == null || draws[i] <= 0 ? 0 : deletes[i] / draws[i];
  }
}
