package dev.atll.tree;

import dev.atll.base.Lookup;
import java.util.Arrays;

/**
 * The runs that one measured get asked, so that what it paid can be charged once it is known whether
 * it found a value. Runs older than the answer were not asked and are charged nothing; the last run
 * asked is what any get must pay, so of n runs asked the n - 1 newer ones are extra.
 */
final class MeasuredTrip {
  private final Lookup lookup;
  private final ProbeTimes times;
  private ReadRun[] asked = new ReadRun[8];
  private int[] blocks = new int[8];
  private int count;
  private SlotHeat[] slots = new SlotHeat[8];
  private int slotCount;

  MeasuredTrip(Lookup lookup, ProbeTimes times) {
    this.lookup = lookup;
    this.times = times;
  }

  /** Comes to a slot. */
  void enter(SlotHeat slot) {
    if (slotCount == slots.length) {
      slots = Arrays.copyOf(slots, 2 * slotCount);
    }
    slots[slotCount++] = slot;
  }

  /** Asks a run. */
  void visit(ReadRun run) {
    if (count == asked.length) {
      asked = Arrays.copyOf(asked, 2 * count);
      blocks = Arrays.copyOf(blocks, 2 * count);
    }
    int before = lookup.blockReads;
    int denials = lookup.filterDenials;
    // Twice the clock for each run asked: some 3 ns per get where one in 64 asks nine.
    boolean timed = !run.table().isMapped();
    long began = timed ? times.now() : 0;
    run.get(lookup);
    if (timed && lookup.filterDenials > denials) {
      times.add(began);
    }
    asked[count] = run;
    blocks[count] = lookup.blockReads - before;
    count++;
  }

  /** Charges the boundaries that were crossed, and then counts the get to the slots that it came to. */
  void charge(long weight) {
    boolean missed = lookup.answer != Lookup.Answer.FOUND;
    for (int i = 0; i + 1 < count; i++) {
      asked[i].run().burden().addGets(weight, blocks[i] * weight, missed);
    }
    for (int i = 0; i < slotCount; i++) {
      slots[i].addGets(weight);
    }
  }
}
