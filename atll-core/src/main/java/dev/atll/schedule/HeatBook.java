package dev.atll.schedule;

import dev.atll.tree.SlotHeat;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Decays the counts of slots by operations, not by time, so that the same history gives the same
 * heat: a count halves with each half-life of operations on the store. Guarded by the scheduler's
 * lock.
 */
final class HeatBook {
  /** Decayed counts of one slot. */
  record Heat(double gets, double seeks, double bytes) {}

  private static final class Line {
    long getsSeen;
    long seeksSeen;
    long bytesSeen;
    double gets;
    double seeks;
    double bytes;
  }

  private final double halfLifeOps;
  private final SlotLines<Line> lines = new SlotLines<>(Line::new);
  private long opsAtLast;
  private double decay = 1;
  private boolean keeps = true;

  HeatBook(long halfLifeOps) {
    this.halfLifeOps = halfLifeOps;
  }

  /** Begins a round of {@link #update} over all slots at a total count of operations. */
  void beginRound(long ops) {
    decay = Math.pow(0.5, (ops - opsAtLast) / halfLifeOps);
    opsAtLast = ops;
    lines.beginRound();
    keeps = true;
  }

  /**
   * Begins a round that leaves no trace: how often somebody watches must not change, not even by
   * rounding, what the next decision sees.
   */
  void beginPeek(long ops) {
    decay = Math.pow(0.5, (ops - opsAtLast) / halfLifeOps);
    lines.beginRound();
    keeps = false;
  }

  /** The factor by which the present round, or the last one, decays. */
  double decay() {
    return decay;
  }

  /** Decays a slot's line and adds what was counted since. */
  Heat update(SlotHeat heat) {
    if (!keeps) {
      Line kept = lines.peek(heat);
      return new Heat(
          kept.gets * decay + (heat.gets() - kept.getsSeen),
          kept.seeks * decay + (heat.seeks() - kept.seeksSeen),
          kept.bytes * decay + (heat.bytesIn() - kept.bytesSeen));
    }
    Line line = lines.keep(heat);
    long gets = heat.gets();
    long seeks = heat.seeks();
    long bytes = heat.bytesIn();
    line.gets = line.gets * decay + (gets - line.getsSeen);
    line.seeks = line.seeks * decay + (seeks - line.seeksSeen);
    line.bytes = line.bytes * decay + (bytes - line.bytesSeen);
    line.getsSeen = gets;
    line.seeksSeen = seeks;
    line.bytesSeen = bytes;
    return new Heat(line.gets, line.seeks, line.bytes);
  }

  /** The slots of the last whole round. */
  Set<SlotHeat> present() {
    Set<SlotHeat> present = Collections.newSetFromMap(new IdentityHashMap<>());
    present.addAll(lines.slots());
    return present;
  }

  /** Ends a round: lines of slots that are gone are forgotten. */
  void endRound() {
    if (keeps) {
      lines.endRound();
    }
  }
}
