package dev.atll.replay;

import java.util.Arrays;

/**
 * A stretch in the life of one slot, from when it was empty, cut, or handed down, to the next such
 * turn: what arrived, how it was read, what merging within it cost. What came before and after is
 * taken as given. Sizes are estimates: a newer entry replaces the older one of its key as the runs'
 * share of overwritten entries says.
 */
final class SlotEpisode {
  private final int level;
  private final long slotId;
  private int slot;
  private final long beganNanos;
  private long endNanos;
  private int count;
  private double[] bytes = new double[8];
  // Sums of what each arrival adds to a run that holds older ones, over the arrivals before.
  private double[] addedBefore = new double[9];
  private boolean[] written = new boolean[8];
  private double[] gets = new double[8];
  private double[] seeks = new double[8];
  private double mergedBytes;
  private double extraGets;
  private double extraSeeks;
  private int arrivalsWhileWatched;

  SlotEpisode(int level, long slotId, int slot, long beganNanos) {
    this.level = level;
    this.slotId = slotId;
    this.slot = slot;
    this.beganNanos = beganNanos;
    this.endNanos = beganNanos;
  }

  /** Level of the slot. */
  public int level() {
    return level;
  }

  /** Number of the slot, for as long as its lower guard stands. */
  public long slotId() {
    return slotId;
  }

  /** Rank of the slot when last seen. */
  public int slot() {
    return slot;
  }

  /** How long it lasted. */
  public long nanos() {
    return endNanos - beganNanos;
  }

  /** Arrivals, those included that were there when it began. */
  public int arrivals() {
    return count;
  }

  /** Arrivals seen to arrive. */
  public int arrivalsSeen() {
    return arrivalsWhileWatched;
  }

  /** Gets × runs beyond the first that the slot had for them. */
  public double extraGets() {
    return extraGets;
  }

  /** Cursor seeks × runs beyond the first. */
  public double extraSeeks() {
    return extraSeeks;
  }

  /** Estimated bytes that merges within the slot wrote, or read. */
  public double mergedBytes() {
    return mergedBytes;
  }

  /**
   * Adds the next arrival.
   *
   * @param size its bytes
   * @param added what it adds to a run that holds older arrivals, at most {@code size}
   * @param isWritten whether its bytes were written on the way in, so that merging it at once with what
   *     is there costs the bytes of that only
   * @param seen false if it was there when the episode began
   */
  void arrive(double size, double added, boolean isWritten, boolean seen) {
    if (count == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * count);
      addedBefore = Arrays.copyOf(addedBefore, 2 * count + 1);
      written = Arrays.copyOf(written, 2 * count);
      gets = Arrays.copyOf(gets, 2 * count);
      seeks = Arrays.copyOf(seeks, 2 * count);
    }
    bytes[count] = size;
    written[count] = isWritten;
    addedBefore[count + 1] = addedBefore[count] + Math.min(added, size);
    count++;
    arrivalsWhileWatched += seen ? 1 : 0;
  }

  /** Counts reads under a number of runs. */
  void read(double moreGets, double moreSeeks, int runs) {
    if (count > 0) {
      gets[count - 1] += moreGets;
      seeks[count - 1] += moreSeeks;
      extraGets += moreGets * Math.max(0, runs - 1);
      extraSeeks += moreSeeks * Math.max(0, runs - 1);
    }
  }

  /** Counts a merge of arrivals; {@code atArrival} if it took place as the last of them arrived. */
  void merge(int first, int last, boolean atArrival) {
    mergedBytes += atArrival && written[last] ? size(first, last - 1) : size(first, last);
  }

  void seenAt(long nanos, int rank) {
    endNanos = nanos;
    slot = rank;
  }

  /** Estimated bytes of a run of these arrivals. */
  double size(int first, int last) {
    return bytes[first] + addedBefore[last + 1] - addedBefore[first + 1];
  }

  /** Estimated bytes of a run that holds all arrivals so far. */
  double size() {
    return count == 0 ? 0 : size(0, count - 1);
  }

  /**
   * The least that reads and merges could have cost, without what the first run costs.
   *
   * @param getNanos price of a run more for a get
   * @param seekNanos price of a run more for a seek
   * @param byteNanos price of reading a byte and writing it
   */
  public HindsightOptimum.Result hindsight(double getNanos, double seekNanos, double byteNanos) {
    double[] reads = new double[count];
    double first = 0;
    for (int t = 0; t < count; t++) {
      reads[t] = gets[t] * getNanos + seeks[t] * seekNanos;
      first += reads[t];
    }
    HindsightOptimum.Result all =
        HindsightOptimum.of(
            reads,
            (from, to) ->
                from == to
                    ? 0
                    : byteNanos * (written[to] ? size(from, to - 1) : size(from, to)));
    return new HindsightOptimum.Result(all.mergeCost(), all.readCost() - first);
  }
}
