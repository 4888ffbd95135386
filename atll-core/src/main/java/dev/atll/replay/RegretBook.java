package dev.atll.replay;

import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What merging and reading cost in the slots of a store, against the least it could have cost with
 * what is known now. Both sides are priced alike, by unit costs and estimated sizes, so that the
 * quotient is never below 1. Not thread-safe.
 */
public final class RegretBook {
  // 256 arrivals take some milliseconds.
  private static final int ARRIVALS_MAX = 256;

  private final List<SlotEpisode> episodes = new ArrayList<>();
  private final EpisodeBook book;
  private UnitCosts costs = new UnitCosts(0, 0, 0, 0, 0);

  /** A book for whole recordings. */
  public RegretBook() {
    this(ARRIVALS_MAX);
  }

  /** A book in which an episode is cut after some arrivals. */
  RegretBook(int arrivalsMax) {
    this.book = new EpisodeBook(arrivalsMax, episodes::add);
  }

  /**
   * Costs of some slots, in nanoseconds. Reads pay here for runs beyond the first of a slot.
   *
   * @param slots how many slots, each counted once for as long as its lower guard stood
   * @param episodes stretches between hand-downs
   * @param arrivals runs that entered
   * @param readSpent what reads paid
   * @param mergeSpent what merges within slots, and absorbing what was there, cost
   * @param readHindsight what reads would have paid under the best schedule
   * @param mergeHindsight what merges would have cost under it
   */
  public record Sum(
      int slots,
      long episodes,
      long arrivals,
      double readSpent,
      double mergeSpent,
      double readHindsight,
      double mergeHindsight) {
    static final Sum NOTHING = new Sum(0, 0, 0, 0, 0, 0, 0);

    /** All that was paid. */
    public double spent() {
      return readSpent + mergeSpent;
    }

    /** The least that could have been paid. */
    public double hindsight() {
      return readHindsight + mergeHindsight;
    }

    /** Spent ÷ hindsight, at least 1; 1 if nothing was paid. */
    public double ratio() {
      return spent() == 0 ? 1 : spent() / hindsight();
    }

    Sum plus(Sum other) {
      return new Sum(
          slots + other.slots,
          episodes + other.episodes,
          arrivals + other.arrivals,
          readSpent + other.readSpent,
          mergeSpent + other.mergeSpent,
          readHindsight + other.readHindsight,
          mergeHindsight + other.mergeHindsight);
    }
  }

  /** A slot's own sum, with its level and the rank it had when last seen. */
  public record SlotSum(int level, int slot, long nanos, Sum sum) {}

  /** Takes the next look. */
  public void look(Look look) {
    costs = look.snapshot().costs();
    book.look(look);
  }

  /**
   * Takes the next look.
   *
   * @param timeNanos engine clock
   * @param decay factor on all heats since the look before
   * @param spans revisions of each run
   */
  void look(long timeNanos, TreeSnapshot now, double decay, RunSpans spans) {
    costs = now.costs();
    book.look(timeNanos, now, decay, spans);
  }

  /** Forgets what has ended. */
  void clear() {
    episodes.clear();
  }

  /** Ends everything under way, as when looks are missing or over. */
  public void end() {
    book.end();
  }

  /** Prices of events in the looks so far. */
  public UnitCosts costs() {
    return costs;
  }

  /** What a run beyond the first was seen to cost at a level. */
  public ReadPrices prices(int level) {
    return book.prices(level);
  }

  /** All slots in which something was paid, greatest difference first. */
  public List<SlotSum> slots() {
    Map<Long, SlotSum> sums = new LinkedHashMap<>();
    for (SlotEpisode episode : episodes) {
      SlotSum one =
          new SlotSum(episode.level(), episode.slot(), episode.nanos(), price(episode));
      sums.merge(
          episode.slotId(),
          one,
          (a, b) ->
              new SlotSum(
                  b.level(),
                  b.slot(),
                  a.nanos() + b.nanos(),
                  new Sum(-1, 0, 0, 0, 0, 0, 0).plus(a.sum()).plus(b.sum())));
    }
    List<SlotSum> all = new ArrayList<>(sums.values());
    all.removeIf(slot -> slot.sum().spent() == 0);
    all.sort(
        Comparator.comparingDouble((SlotSum s) -> s.sum().spent() - s.sum().hindsight())
            .reversed());
    return all;
  }

  private Sum price(SlotEpisode episode) {
    ReadPrices reads = book.prices(episode.level());
    double byteNanos = costs.readByteNanos() + costs.writeByteNanos();
    HindsightOptimum.Result best =
        episode.hindsight(reads.getNanos(costs), reads.seekNanos(costs), byteNanos);
    return new Sum(
        1,
        1,
        episode.arrivalsSeen(),
        episode.extraGets() * reads.getNanos(costs)
            + episode.extraSeeks() * reads.seekNanos(costs),
        episode.mergedBytes() * byteNanos,
        best.readCost(),
        best.mergeCost());
  }

  /** The sum over some slots. */
  public static Sum sum(List<SlotSum> slots) {
    Sum sum = Sum.NOTHING;
    for (SlotSum slot : slots) {
      sum = sum.plus(slot.sum());
    }
    return sum;
  }
}
