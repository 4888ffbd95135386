package dev.atll.bench.sim;

import dev.atll.bench.workload.HotRange;
import dev.atll.bench.workload.KeyOrder;
import dev.atll.bench.workload.Mixing;
import dev.atll.bench.workload.Permutation;
import dev.atll.bench.workload.Random64;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.Zipf;
import org.jspecify.annotations.Nullable;

/** Draws where in the key space the operations of a load fall, by the rules of the workloads. */
final class OpDraws {
  // More keys than this are spread evenly over the buckets and not counted one by one.
  private static final long COUNTED_KEYS_MAX = 1 << 22;

  private final SimLoad load;
  private final KeyModel keys;
  private final Random64 random;
  private final int buckets;
  private final double numbers;
  private final @Nullable Zipf ranks;
  private final @Nullable Permutation scatter;
  private HotRange hotReads = new HotRange(0, 0.5, 0.5);
  private HotRange hotWrites = hotReads;
  private long period = -1;

  /**
   * Prepares draws.
   *
   * @param insertsMax keys that may be inserted besides those loaded
   */
  OpDraws(SimLoad load, int buckets, long insertsMax, long seed) {
    this.load = load;
    this.buckets = buckets;
    this.random = new Random64(seed * 1_000_003);
    long loadedKeys = load.loaded() ? load.keys() : 0;
    // Ordered inserts lie behind the loaded keys.
    this.numbers = load.order() == KeyOrder.ORDERED ? loadedKeys + (double) insertsMax : loadedKeys;
    boolean skewed = load.zipfExponent() > 0;
    this.ranks = skewed ? new Zipf(load.keys(), load.zipfExponent()) : null;
    this.scatter = skewed ? new Permutation(load.keys()) : null;
    double[] perBucket = new double[buckets];
    if (load.order() == KeyOrder.HASHED && loadedKeys <= COUNTED_KEYS_MAX) {
      for (long i = 0; i < loadedKeys; i++) {
        perBucket[bucket(i)]++;
      }
    } else {
      for (int b = 0; b < buckets; b++) {
        double from = b * Math.max(1, numbers) / buckets;
        double to = (b + 1.0) * Math.max(1, numbers) / buckets;
        perBucket[b] =
            load.order() == KeyOrder.HASHED
                ? (double) loadedKeys / buckets
                : Math.max(0, Math.min(to, (double) loadedKeys) - Math.min(from, (double) loadedKeys));
      }
    }
    boolean skewedWrites = skewed && !load.readsLatest() && load.puts() > 0;
    this.keys =
        new KeyModel(
            perBucket,
            skewedWrites
                ? new Popularity.Zipf(load.keys(), load.zipfExponent())
                : new Popularity.Uniform());
  }

  KeyModel keys() {
    return keys;
  }

  /** The bucket of a number. */
  int bucket(long number) {
    if (load.order() == KeyOrder.HASHED) {
      return (int) Math.unsignedMultiplyHigh(Mixing.mix(number << 1), buckets);
    }
    return (int) Math.min(buckets - 1.0, number / Math.max(1, numbers) * buckets);
  }

  /** Where in its bucket a number lies. */
  private double inBucket(long number) {
    if (load.order() == KeyOrder.HASHED) {
      return (double) (Mixing.mix(number << 1) * buckets >>> 1) / Long.MAX_VALUE;
    }
    double at = number / Math.max(1, numbers) * buckets;
    return Math.clamp(at - bucket(number), 0, 1);
  }

  /** Moves the hot ranges to where they are at an operation. */
  void at(long op) {
    ShiftingHotSet hot = load.hot();
    if (hot != null && hot.period(op) != period) {
      period = hot.period(op);
      hotReads = hot.reads(period);
      hotWrites = hot.writes(period);
    }
  }

  /** Where an overwrite or a deletion falls. */
  int writeBucket() {
    if (load.hot() != null) {
      return bucket(hotWrites.draw(random, load.keys()));
    }
    // Frequent keys are scattered, so that their stretches get no more distinct keys than others.
    return bucket(random.nextLong(load.keys()));
  }

  /** Draws the key of a get or of a scan's beginning. */
  void read(SimKey key, long inserted) {
    key.insertNumber = -1;
    key.weight = 1;
    long number;
    Zipf zipf = ranks;
    Permutation places = scatter;
    if (load.hot() != null) {
      number = hotReads.draw(random, load.keys());
    } else if (zipf != null && places != null) {
      long rank = zipf.next(random);
      if (load.readsLatest()) {
        number = Math.max(0, load.keys() + inserted - 1 - rank);
        if (number >= load.keys()) {
          key.insertNumber = number - load.keys();
        }
      } else {
        number = places.apply(rank);
        if (keys.popularity() instanceof Popularity.Zipf writes) {
          key.weight = writes.weight(rank);
        }
      }
    } else {
      number = load.loaded() ? random.nextLong(load.keys()) : 0;
      if (!load.loaded() && inserted > 0) {
        number = random.nextLong(inserted);
        key.insertNumber = number;
      }
    }
    key.loadNumber = key.insertNumber >= 0 ? -1 : number;
    key.bucket = bucket(number);
    key.inBucket = inBucket(number);
  }

  double nextDouble() {
    return random.nextDouble();
  }

  Random64 random() {
    return random;
  }
}
