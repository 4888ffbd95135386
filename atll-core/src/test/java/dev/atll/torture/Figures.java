package dev.atll.torture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a run of histories did and found. */
final class Figures {
  private static final String FAULT = "fault: ";

  long histories;
  long operations;

  /** Places in a history where it was cut. */
  long crashPoints;

  /** Images opened, those of second crashes and of crashes inside recovery included. */
  long images;

  long kills;
  long secondCrashes;
  long recoveryCrashes;

  /** Images that had more than was promised: writes under way, or not yet due to be durable. */
  long unpromisedKept;

  /** Images in which something that was not promised was in fact gone. */
  long unpromisedLost;

  long lost;
  long holes;
  long refused;
  long wrong;

  /** Faults that happened, by call and kind. */
  final Map<String, Long> faults = new TreeMap<>();

  /** Faults that were armed, and whose call did not come. */
  long unreached;

  /** Stores that took no more writes after a fault, as they should. */
  long stopped;

  /** Bytes of files that were changed, one at a time. */
  long bytesChanged;

  /** Of those, how many were noticed: a typed error at opening, reading or verifying. */
  long bytesNoticed;

  /** Reads of single blocks of tables that were not mapped, in stores with a changed byte. */
  long blocksRead;

  /** Files of hostile content, rightly signed, that were opened and read. */
  long hostile;

  /** Histories of several threads for which an order was searched. */
  long concurrent;

  long failures() {
    return lost + holes + refused + wrong;
  }

  long faultsFired() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  void fired(String kind) {
    faults.merge(kind, 1L, Long::sum);
  }

  /** Adds the numbers of runs in another loader, by the names of {@link #counts}. */
  void add(Map<String, Long> others) {
    histories += others.getOrDefault("histories", 0L);
    operations += others.getOrDefault("operations", 0L);
    crashPoints += others.getOrDefault("crash points", 0L);
    images += others.getOrDefault("recovered images", 0L);
    secondCrashes += others.getOrDefault("second crashes", 0L);
    kills += others.getOrDefault("simulated kills", 0L);
    recoveryCrashes += others.getOrDefault("crashes inside recovery", 0L);
    stopped += others.getOrDefault("stores stopped by a fault", 0L);
    others.forEach(
        (name, count) -> {
          if (name.startsWith(FAULT)) {
            faults.merge(name.substring(FAULT.length()), count, Long::sum);
          }
        });
  }

  /** All that was counted, by the names of the table that a campaign ends with. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("histories", histories);
    counts.put("operations", operations);
    counts.put("concurrent histories", concurrent);
    counts.put("crash points", crashPoints);
    counts.put("recovered images", images);
    counts.put("crashes inside recovery", recoveryCrashes);
    counts.put("second crashes", secondCrashes);
    counts.put("simulated kills", kills);
    counts.put("faults fired", faultsFired());
    faults.forEach((kind, count) -> counts.put(FAULT + kind, count));
    counts.put("stores stopped by a fault", stopped);
    counts.put("bytes changed", bytesChanged);
    counts.put("blocks read", blocksRead);
    counts.put("hostile files", hostile);
    counts.put("lost", lost);
    counts.put("holes", holes);
    counts.put("wrong answers", wrong);
    counts.put("refused opens", refused);
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  @Override
  public String toString() {
    return ("%,d histories, %,d operations, %,d crash points, %,d images (%,d kills, %,d second"
            + " crashes, %,d crashes inside recovery; %,d kept more than promised, %,d lost what was"
            + " not): %d lost, %d holes, %d refused, %d wrong")
        .formatted(
            histories,
            operations,
            crashPoints,
            images,
            kills,
            secondCrashes,
            recoveryCrashes,
            unpromisedKept,
            unpromisedLost,
            lost,
            holes,
            refused,
            wrong);
  }
}
