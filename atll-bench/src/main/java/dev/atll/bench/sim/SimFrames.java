package dev.atll.bench.sim;

import dev.atll.bench.workload.Mixing;
import dev.atll.sstable.FrameCache;

/**
 * Which blocks the engine's frames hold, without the blocks: sets of sixteen, a newcomer is taken if it was
 * asked for more often of late than the one that goes (TinyLFU). Sets, counters and bounds are those of
 * {@code FrameCache}: neither the least recently used nor the most often used blocks come close
 * enough to what it keeps (decision 0130).
 */
final class SimFrames {
  private static final int WAYS = FrameCache.WAYS;
  static final int BLOCK_BYTES = 4096;
  // Of the engine's frames, the record of a set beside them.
  private static final int RECORD_BYTES = 512;
  private static final int COUNTERS = 128;

  private final int sets;
  private final long[] blocks;
  private final byte[] counters;
  private final byte[] hands;
  private final int[] asked;

  /** Empty frames in so many bytes; none at all where not one set fits. */
  SimFrames(long bytesMax) {
    sets =
        Math.toIntExact(
            Math.min(
                Integer.MAX_VALUE / COUNTERS,
                bytesMax / (WAYS * BLOCK_BYTES + RECORD_BYTES)));
    blocks = new long[sets * WAYS];
    counters = new byte[sets * COUNTERS];
    hands = new byte[sets];
    asked = new int[sets];
  }

  /** Bytes of all frames. */
  long bytes() {
    return (long) sets * WAYS * BLOCK_BYTES;
  }

  /**
   * Asks for a block; one that is not here may be kept.
   *
   * @param block any number but 0
   * @return whether it was here
   */
  boolean ask(long block) {
    if (sets == 0) {
      return false;
    }
    long hash = Mixing.mix(block);
    int set = (int) Math.unsignedMultiplyHigh(hash, sets);
    count(set, hash);
    int hand = hands[set];
    int victim = -1;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < WAYS; i++) {
      int way = (hand + i) & (WAYS - 1);
      long other = blocks[set * WAYS + way];
      if (other == block) {
        return true;
      }
      int worth = other == 0 ? -1 : frequency(set, Mixing.mix(other));
      if (worth < least) {
        least = worth;
        victim = way;
      }
    }
    if (least < 0 || frequency(set, hash) >= least + FrameCache.ASKED_MORE) {
      blocks[set * WAYS + victim] = block;
      hands[set] = (byte) ((victim + 1) & (WAYS - 1));
    }
    return false;
  }

  private int frequency(int set, long hash) {
    return Math.min(counters[one(set, hash)], counters[other(set, hash)]);
  }

  /** The smaller of a block's two counters goes up; all halve now and then. */
  private void count(int set, long hash) {
    int one = one(set, hash);
    int other = other(set, hash);
    int least = Math.min(counters[one], counters[other]);
    if (least == FrameCache.COUNTER_MAX) {
      return;
    }
    if (counters[one] == least) {
      counters[one]++;
    }
    if (one != other && counters[other] == least) {
      counters[other]++;
    }
    asked[set]++;
    if (asked[set] >= FrameCache.COUNTS_PER_AGE) {
      for (int i = set * COUNTERS; i < (set + 1) * COUNTERS; i++) {
        counters[i] >>= 1;
      }
      asked[set] = FrameCache.COUNTS_PER_AGE / 2;
    }
  }

  private static int one(int set, long hash) {
    return set * COUNTERS + (int) (hash & (COUNTERS - 1));
  }

  private static int other(int set, long hash) {
    return set * COUNTERS + (int) (hash >>> 7 & (COUNTERS - 1));
  }
}
