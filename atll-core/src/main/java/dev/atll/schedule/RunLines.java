package dev.atll.schedule;

import dev.atll.policy.RunFacts;
import dev.atll.version.Run;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * What policies see of runs, kept from look to look: of most runs nothing has changed, and then the
 * same facts are given out again. A look first shows the runs of all slots, so that it is known which
 * part of each table is live, and then asks for their facts. Guarded by the scheduler's lock.
 */
final class RunLines {
  // Tables of no run are forgotten when there are more of them than of others, and some to spare.
  private static final int GONE_KEPT = 64;

  /** The runs of one slot. */
  static final class Slot {
    private List<Run> runs = List.of();
    private Line[] lines = {};
    private List<RunFacts> facts = List.of();
  }

  /** A table, and how many of its entries the runs of a look show. */
  private static final class Table {
    final long entries;
    long shown;
    long look;

    Table(long entries) {
      this.entries = entries;
    }
  }

  private static final class Line {
    final Run run;
    final Table table;
    RunFacts facts;

    Line(Run run, Table table) {
      this.run = run;
      this.table = table;
      this.facts = new RunFacts(run.id(), 0, 0, 0, 0, 0, false, -1, 0, 0, 0, 0, 0, 0);
    }
  }

  private final Map<Long, Table> tables = new HashMap<>();
  private long look;
  private int present;

  /** A look begins. */
  void begin() {
    look++;
    present = 0;
  }

  /** Shows the runs of a slot, once a look. */
  @SuppressWarnings("ReferenceEquality") // a slot that an edit did not touch has the same list
  void show(Slot slot, List<Run> runs, Version version) {
    if (slot.runs != runs) {
      Line[] lines = new Line[runs.size()];
      for (int i = 0; i < lines.length; i++) {
        lines[i] = line(slot, runs.get(i), version);
      }
      slot.runs = runs;
      slot.lines = lines;
    }
    for (Line line : slot.lines) {
      Table table = line.table;
      if (table.look != look) {
        table.look = look;
        table.shown = 0;
        present++;
      }
      table.shown += line.run.entries();
    }
  }

  @SuppressWarnings("ReferenceEquality") // runs are told apart by identity
  private Line line(Slot slot, Run run, Version version) {
    for (Line line : slot.lines) {
      if (line.run == run) {
        return line;
      }
    }
    Table table =
        tables.computeIfAbsent(
            run.fileNumber(),
            number -> {
              TableFile file = version.files().get(number);
              return new Table(file == null ? 0 : file.entries());
            });
    return new Line(run, table);
  }

  /** All runs were shown. */
  void shown() {
    if (tables.size() > 2 * present + GONE_KEPT) {
      tables.values().removeIf(table -> table.look != look);
    }
  }

  /**
   * The facts of a slot's runs, in their order; the same list as long as nothing has changed.
   *
   * @param missNanos price of a block of the run at a position; asked when reads were counted
   */
  @SuppressWarnings("ReferenceEquality") // facts are made anew only where something changed
  List<RunFacts> facts(
      Slot slot, long droppableUpTo, long nowMillis, IntToLongFunction missNanos) {
    boolean same = slot.facts.size() == slot.lines.length;
    for (int i = 0; i < slot.lines.length; i++) {
      RunFacts facts = update(slot.lines[i], droppableUpTo, nowMillis, missNanos, i);
      same = same && slot.facts.get(i) == facts;
    }
    if (!same) {
      List<RunFacts> facts = new ArrayList<>(slot.lines.length);
      for (Line line : slot.lines) {
        facts.add(line.facts);
      }
      slot.facts = RunFacts.slot(facts);
    }
    return slot.facts;
  }

  private static RunFacts update(
      Line line, long droppableUpTo, long nowMillis, IntToLongFunction missNanos, int position) {
    Run run = line.run;
    // By entries: bytes of a table hold filters and indexes too, which would count as dead, and a
    // table of small blocks would be rewritten for ever.
    long entries = line.table.entries;
    int dead =
        entries == 0 ? 0 : (int) Math.max(0, 1000 * (entries - line.table.shown) / entries);
    long since = run.deletionsSinceMillis();
    long age = since == 0 || run.tombstones() == 0 ? 0 : Math.max(0, nowMillis - since);
    boolean retained = run.maxRevision() > droppableUpTo;
    long probes = run.burden().probes();
    long missProbes = run.burden().missProbes();
    long falsePositives = run.burden().falsePositives();
    long missFalsePositives = run.burden().missFalsePositives();
    long seeks = run.burden().seeks();
    RunFacts known = line.facts;
    boolean read =
        known.fileDeadPermille() < 0
            || known.probes() != probes
            || known.missProbes() != missProbes
            || known.falsePositives() != falsePositives
            || known.missFalsePositives() != missFalsePositives
            || known.seeks() != seeks;
    if (read
        || known.fileDeadPermille() != dead
        || known.tombstoneAgeMillis() != age
        || known.retained() != retained) {
      line.facts =
          new RunFacts(
              run.id(),
              run.bytes(),
              run.entries(),
              run.tombstones(),
              run.overwritePermille(),
              age,
              retained,
              dead,
              probes,
              missProbes,
              falsePositives,
              missFalsePositives,
              seeks,
              read ? missNanos.applyAsLong(position) : known.missNanos());
    }
    return line.facts;
  }
}
