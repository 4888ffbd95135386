package dev.atll.bench.sim;

import dev.atll.policy.SlotFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stretch of the key space in one level, with its runs, newest first. */
final class SimSlot {
  final int level;
  final int low;
  int high;
  final List<SimRun> runs = new ArrayList<>();
  int rank;
  boolean leased;
  boolean indivisible;
  // What policies saw of it last; null when something changed since.
  private @Nullable SlotFacts facts;
  private final Level of;
  private double gets;
  private double seeks;
  private double bytesIn;
  private long decayedAtOps;
  double readsEver;

  /** What the slots of a level have in common. */
  static final class Level {
    final int number;
    // Whether any slot is to be looked at anew; what else is dead in their files does not count.
    boolean changed = true;

    Level(int number) {
      this.number = number;
    }
  }

  SimSlot(Level of, int low, int high) {
    this.of = of;
    this.level = of.number;
    this.low = low;
    this.high = high;
  }

  void changed() {
    forget();
    indivisible = false;
  }

  /** Lets policies see it as it is at the next look. */
  void forget() {
    facts = null;
    of.changed = true;
  }

  void seenAs(SlotFacts now) {
    facts = now;
  }

  @Nullable SlotFacts facts() {
    return facts;
  }

  double bytes() {
    double sum = 0;
    for (SimRun run : runs) {
      sum += run.bytes;
    }
    return sum;
  }

  void heat(double moreGets, double moreSeeks, double moreBytes) {
    readsEver += moreGets + moreSeeks;
    gets += moreGets;
    seeks += moreSeeks;
    bytesIn += moreBytes;
  }

  void decay(long ops, double halfLifeOps) {
    double factor = Math.pow(0.5, (ops - decayedAtOps) / halfLifeOps);
    decayedAtOps = ops;
    gets *= factor;
    seeks *= factor;
    bytesIn *= factor;
  }

  double gets() {
    return gets;
  }

  double seeks() {
    return seeks;
  }

  double bytesIn() {
    return bytesIn;
  }
}
