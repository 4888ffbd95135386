package dev.atll.bench.replay;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import dev.atll.replay.RegretBook;
import dev.atll.replay.RegretBook.SlotSum;
import dev.atll.replay.RegretBook.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What was spent, held against hindsight, in words. */
public final class RegretText {
  private static final int SLOTS_SHOWN = 10;
  private static final double NANOS_PER_MILLI = 1e6;

  private RegretText() {}

  /** The report. */
  public static String of(RegretBook book) {
    List<SlotSum> slots = book.slots();
    if (slots.isEmpty()) {
      return "no slot paid anything for runs beyond the first, or for merging them\n";
    }
    TreeMap<Integer, List<SlotSum>> levels = new TreeMap<>();
    for (SlotSum slot : slots) {
      levels.computeIfAbsent(slot.level(), l -> new ArrayList<>()).add(slot);
    }
    StringBuilder text = new StringBuilder();
    Table table = table("level");
    levels.forEach((level, some) -> row(table, "L" + level, RegretBook.sum(some)));
    row(table, "all", RegretBook.sum(slots));
    text.append(table);
    text.append("\nslots that lost most:\n");
    Table worst = table("slot");
    for (SlotSum slot : slots.subList(0, Math.min(SLOTS_SHOWN, slots.size()))) {
      row(worst, String.format(Locale.ROOT, "L%d, %d", slot.level(), slot.slot()), slot.sum());
    }
    text.append(worst);
    text.append("\na run more costs a get");
    levels.forEach(
        (level, some) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    " %s ns at L%d,",
                    Numbers.fixed(book.prices(level).getNanos(book.costs())), level)));
    text.append(
        String.format(
            Locale.ROOT,
            " a seek %s ns\n",
            Numbers.fixed(book.prices(1).seekNanos(book.costs()))));
    text.append(
        """

        Spent and hindsight are priced alike: sizes as estimated, unit costs as recorded, reads by the mean
        of their level. Hindsight knows every arrival and read of a slot, merges at the moment of an
        arrival in no time, and holds any number of runs. Taken as given, and not held against anybody:
        what enters a slot and when it is handed down, splits and joins, the boundary between two levels,
        L0. Merges for the sake of deletions, space or the cap are counted as spent, though hindsight need
        not make them. Two arrivals between two looks that were merged at once count as one.
        """);
    return text.toString();
  }

  private static Table table(String first) {
    return new Table(
        1, first, "arrivals", "reads ms", "merges ms", "spent ms", "best reads", "best merges",
        "best ms", "spent ÷ best");
  }

  private static void row(Table table, String name, Sum sum) {
    table.row(
        name,
        String.format(Locale.ROOT, "%,d", sum.arrivals()),
        millis(sum.readSpent()),
        millis(sum.mergeSpent()),
        millis(sum.spent()),
        millis(sum.readHindsight()),
        millis(sum.mergeHindsight()),
        millis(sum.hindsight()),
        Numbers.fixed(sum.ratio()));
  }

  private static String millis(double nanos) {
    return Numbers.fixed(nanos / NANOS_PER_MILLI);
  }
}
