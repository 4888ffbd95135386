package dev.atll.policy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A run of the model: its keys in order, and which of them it deletes. */
final class ModelRun {
  static final int ENTRY_BYTES = 100;

  private static final AtomicLong IDS = new AtomicLong();

  final long id = IDS.incrementAndGet();
  final int[] keys;
  final boolean[] deletes;
  int fileDeadPermille;
  long probes;
  long falsePositives;
  long seeks;

  ModelRun(int[] keys, boolean[] deletes) {
    this.keys = keys;
    this.deletes = deletes;
    for (int i = 1; i < keys.length; i++) {
      assert keys[i - 1] < keys[i];
    }
  }

  long bytes() {
    return (long) keys.length * ENTRY_BYTES;
  }

  int find(int key) {
    return Arrays.binarySearch(keys, key);
  }

  /** The part of it in [low, high), with its share of the counters. */
  ModelRun part(int low, int high) {
    int from = at(low);
    int to = at(high);
    ModelRun part =
        new ModelRun(Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(deletes, from, to));
    part.fileDeadPermille = fileDeadPermille;
    part.takeBoundary(this, keys.length == 0 ? 0 : (to - from) / (double) keys.length);
    return part;
  }

  private int at(int key) {
    int found = find(key);
    return found >= 0 ? found : -found - 1;
  }

  /** Its lower boundary is that of another run now. */
  void takeBoundary(ModelRun other, double share) {
    probes = Math.round(other.probes * share);
    falsePositives = Math.round(other.falsePositives * share);
    seeks = Math.round(other.seeks * share);
  }

  /** One run out of several, newest first; the newest entry of a key counts. */
  static ModelRun merge(List<ModelRun> newestFirst) {
    int total = 0;
    for (ModelRun run : newestFirst) {
      total += run.keys.length;
    }
    long[] tagged = new long[total];
    int n = 0;
    for (int age = 0; age < newestFirst.size(); age++) {
      ModelRun run = newestFirst.get(age);
      for (int i = 0; i < run.keys.length; i++) {
        tagged[n++] = (long) run.keys[i] << 16 | (long) age << 1 | (run.deletes[i] ? 1 : 0);
      }
    }
    Arrays.sort(tagged);
    int[] keys = new int[total];
    boolean[] deletes = new boolean[total];
    int kept = 0;
    for (int i = 0; i < total; i++) {
      int key = (int) (tagged[i] >> 16);
      if (kept == 0 || keys[kept - 1] != key) {
        keys[kept] = key;
        deletes[kept++] = (tagged[i] & 1) != 0;
      }
    }
    return new ModelRun(Arrays.copyOf(keys, kept), Arrays.copyOf(deletes, kept));
  }

  /** Without the deletions that hide nothing. */
  ModelRun without(boolean[] droppable) {
    int[] left = new int[keys.length];
    boolean[] flags = new boolean[keys.length];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (!droppable[i]) {
        left[n] = keys[i];
        flags[n++] = deletes[i];
      }
    }
    return new ModelRun(Arrays.copyOf(left, n), Arrays.copyOf(flags, n));
  }
}
