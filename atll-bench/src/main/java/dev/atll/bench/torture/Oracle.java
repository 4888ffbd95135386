package dev.atll.bench.torture;

import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store must hold after its process was killed, told by what the process said.
 *
 * <p>Of every cell it knows the acknowledged write with the highest revision. Writes that were asked
 * for and did not return may have happened or not, each as a whole. What a check finds becomes the
 * new truth, so that a loss is counted once. Used by one thread.
 */
final class Oracle {
  /** The content of a cell: the write that made it, 0 if it is empty, and that write's revision. */
  private record Content(long writer, long revision) {
    static final Content NONE = new Content(0, 0);
  }

  private final LoadPlan plan;
  private final Map<Integer, Content> acked = new HashMap<>();
  private final List<LoadPlan.Op> inFlight = new ArrayList<>();
  private final Map<Long, Long> revisionsSeen = new HashMap<>();
  private long highestAcked;
  private long highestBefore;
  private int lastCycle = -1;

  Oracle(LoadPlan plan) {
    this.plan = plan;
  }

  /** A cycle begins: its revisions must be above those of all before. */
  void begin(int cycle) {
    lastCycle = cycle;
    highestBefore = highestAcked;
    revisionsSeen.clear();
  }

  /** A write returned. */
  void acked(LoadPlan.Op op, long revision, Findings findings) {
    if (revision <= highestBefore) {
      findings.add(
          Findings.Kind.WRONG,
          String.format(
              Locale.ROOT,
              "%s got revision %d, and %d had been given before the process began",
              LoadPlan.describe(op.id()), revision, highestBefore));
    }
    Long other = revisionsSeen.putIfAbsent(revision, op.id());
    if (other != null) {
      findings.add(
          Findings.Kind.WRONG,
          String.format(
              Locale.ROOT,
              "revision %d went to %s and to %s",
              revision, LoadPlan.describe(other), LoadPlan.describe(op.id())));
    }
    highestAcked = Math.max(highestAcked, revision);
    for (int i = 0; i < op.cells().length; i++) {
      Content now = acked.getOrDefault(op.cells()[i], Content.NONE);
      if (revision > now.revision) {
        acked.put(op.cells()[i], new Content(op.deletes()[i] ? 0 : op.id(), revision));
      }
    }
  }

  /** A write was asked for and had not returned when the process died. */
  void inFlight(LoadPlan.Op op) {
    inFlight.add(op);
  }

  /** Compares all that an open store shows with what it must hold. */
  void check(AtllDb db, Findings findings) {
    Map<Integer, Content> found = read(db, findings);
    Map<Long, Long> applied = new HashMap<>();
    for (LoadPlan.Op op : inFlight) {
      if (op.batch()) {
        Content marker = found.getOrDefault(op.cells()[op.cells().length - 1], Content.NONE);
        if (marker.writer == op.id()) {
          applied.put(op.id(), marker.revision);
        }
      }
    }
    long highestFound = 0;
    for (Content content : found.values()) {
      highestFound = Math.max(highestFound, content.revision);
    }
    for (int cell : plan.cells(lastCycle)) {
      Content content = found.getOrDefault(cell, Content.NONE);
      judge(cell, content, applied, highestFound, findings);
    }
    inFlight.clear();
    acked.clear();
    acked.putAll(found);
    highestAcked = Math.max(highestAcked, highestFound);
  }

  private void judge(
      int cell, Content found, Map<Long, Long> applied, long highestFound, Findings findings) {
    Content must = acked.getOrDefault(cell, Content.NONE);
    // A batch in flight that was applied is as good as acknowledged.
    @Nullable String torn = null;
    boolean free = false;
    for (LoadPlan.Op op : inFlight) {
      int at = indexOf(op, cell);
      if (at < 0) {
        continue;
      }
      long writer = op.deletes()[at] ? 0 : op.id();
      if (!op.batch()) {
        free |= found.writer == writer && (writer == 0 || found.revision > must.revision);
        continue;
      }
      Long revision = applied.get(op.id());
      if (revision == null) {
        if (writer != 0 && found.writer == writer) {
          torn = LoadPlan.describe(op.id()) + " is there without its marker";
        }
      } else if (revision > must.revision) {
        must = new Content(writer, revision);
        torn =
            String.format(
                Locale.ROOT,
                "a batch in flight, %s, misses here",
                LoadPlan.describe(op.id()));
      }
    }
    if (found.writer == must.writer && (found.writer == 0 || found.revision == must.revision)) {
      return;
    }
    if (free && (found.writer == 0 || found.revision > must.revision)) {
      return;
    }
    String what =
        String.format(
            Locale.ROOT,
            "cell %d: %s instead of %s%s",
            cell, describe(found), describe(must), torn == null ? "" : "; " + torn);
    if (torn != null) {
      findings.add(Findings.Kind.HOLE, what);
    } else if (found.revision > must.revision) {
      findings.add(Findings.Kind.WRONG, what);
    } else {
      findings.add(Findings.Kind.LOST, what);
      if (highestFound > must.revision) {
        findings.add(
            Findings.Kind.HOLE, what + "; revision " + highestFound + " is there all the same");
      }
    }
  }

  private static int indexOf(LoadPlan.Op op, int cell) {
    for (int i = 0; i < op.cells().length; i++) {
      if (op.cells()[i] == cell) {
        return i;
      }
    }
    return -1;
  }

  private static String describe(Content content) {
    return content.writer == 0
        ? String.format(Locale.ROOT, "nothing (revision %d)", content.revision)

            : String.format(
                Locale.ROOT,
                "%s (revision %d)",
                LoadPlan.describe(content.writer), content.revision);
  }

  /** The whole content, read forward, backward and key by key, which must agree. */
  private Map<Integer, Content> read(AtllDb db, Findings findings) {
    Map<String, Integer> cellOf = new HashMap<>();
    for (int cell : plan.cells(lastCycle)) {
      cellOf.put(name(plan.key(cell)), cell);
    }
    Map<Integer, Content> found = new TreeMap<>();
    List<Integer> order = new ArrayList<>();
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      byte[] before = null;
      while (cursor.next()) {
        byte[] key = cursor.keyBytes();
        if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
          findings.add(Findings.Kind.WRONG, "a scan goes from " + name(before) + " to " + name(key));
        }
        before = key;
        Integer cell = cellOf.get(name(key));
        long writer = cell == null ? 0 : plan.writer(cell, cursor.valueBytes());
        if (cell == null || writer == 0) {
          findings.add(Findings.Kind.WRONG, "nobody wrote what is under " + name(key));
          continue;
        }
        order.add(cell);
        found.put(cell, new Content(writer, cursor.revision()));
      }
    }
    readBackward(db, order, findings);
    for (int cell : plan.cells(lastCycle)) {
      byte[] value = db.get(plan.key(cell));
      long writer = value == null ? 0 : plan.writer(cell, value);
      if (writer != found.getOrDefault(cell, Content.NONE).writer
          || (value != null && writer == 0)) {
        findings.add(
            Findings.Kind.WRONG,
            String.format(
                Locale.ROOT,
                "cell %d: a get says %s, a scan %s",
                cell,
                value == null ? "nothing" : LoadPlan.describe(writer),
                describe(found.getOrDefault(cell, Content.NONE))));
      }
    }
    return found;
  }

  private void readBackward(AtllDb db, List<Integer> order, Findings findings) {
    List<Integer> backward = new ArrayList<>();
    Map<String, Integer> cellOf = new HashMap<>();
    for (int cell : order) {
      cellOf.put(name(plan.key(cell)), cell);
    }
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      while (cursor.previous()) {
        backward.add(cellOf.getOrDefault(name(cursor.keyBytes()), -1));
      }
    }
    if (!backward.reversed().equals(order)) {
      findings.add(
          Findings.Kind.WRONG,
          String.format(
              Locale.ROOT,
              "a scan forward sees %d keys, backward %d",
              order.size(), backward.size()));
    }
  }

  private static String name(byte[] key) {
    return new String(key, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
