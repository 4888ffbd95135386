package dev.atll.schedule;

import dev.atll.policy.RunFacts;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * What policies see of runs, kept from look to look: of most runs nothing has changed, and then the
 * same facts are given out again. What is live of a table is the sum over the runs that show it, so that
 * a run that comes or goes changes the facts of others: a look first shows the slots that changed, then asks
 * whom that concerns, and then for facts. Guarded by the scheduler's lock.
 */
final class RunLines {
  /** The runs of one slot. */
  static final class Slot {
    private List<Run> runs = List.of();
    private Line[] lines = {};
    private List<RunFacts> facts = List.of();
    private long[] deletionsSince = {};
    private long[] maxRevisions = {};

    /** By run, when its oldest deletion was flushed; not to be written to. */
    long[] deletionsSince() {
      return deletionsSince;
    }

    /** By run, its newest revision; not to be written to. */
    long[] maxRevisions() {
      return maxRevisions;
    }

    /** The price of a block of a run as last asked for, 0 for a run that was never shown. */
    long missNanos(Run run) {
      for (Line line : lines) {
        if (line.run.id() == run.id()) {
          return line.facts.missNanos();
        }
      }
      return 0;
    }
  }

  /** A table, and how many of its entries runs show. */
  private static final class Table {
    final long number;
    final long entries;
    final Set<Line> lines = new HashSet<>();
    long shown;
    int told;

    Table(long number, long entries) {
      this.number = number;
      this.entries = entries;
    }

    int deadPermille() {
      // By entries: bytes of a table hold filters and indexes too, which would count as dead, and a
      // table of small blocks would be rewritten for ever.
      return RunLines.deadPermille(entries, shown);
    }
  }

  private static final class Line {
    final Run run;
    final int level;
    final Table table;
    RunFacts facts;

    Line(Run run, int level, Table table) {
      this.run = run;
      this.level = level;
      this.table = table;
      this.facts = new RunFacts(run.id(), 0, 0, 0, 0, 0, false, -1, 0, 0, 0, 0, 0, 0);
    }
  }

  /** Takes the slots whose facts changed though their runs did not. */
  @FunctionalInterface
  interface Concerned {
    void slot(int level, byte[] key);
  }

  private final Map<Long, Table> tables = new HashMap<>();
  private final Set<Table> changed = new HashSet<>();

  static int deadPermille(long entries, long shown) {
    return entries == 0 ? 0 : (int) Math.max(0, 1000 * (entries - shown) / entries);
  }

  /** Shows the runs of a slot. */
  @SuppressWarnings("ReferenceEquality") // a slot that an edit did not touch has the same list
  void show(Slot slot, int level, List<Run> runs, Version version) {
    if (slot.runs == runs) {
      return;
    }
    Line[] lines = new Line[runs.size()];
    long[] since = new long[lines.length];
    long[] revisions = new long[lines.length];
    for (int i = 0; i < lines.length; i++) {
      Run run = runs.get(i);
      lines[i] = line(slot, level, run, version);
      since[i] = run.deletionsSinceMillis();
      revisions[i] = run.maxRevision();
    }
    Line[] before = slot.lines;
    slot.runs = runs;
    slot.lines = lines;
    slot.deletionsSince = since;
    slot.maxRevisions = revisions;
    for (Line line : lines) {
      Table table = line.table;
      if (table.lines.add(line)) {
        table.shown += line.run.entries();
        changed.add(table);
      }
    }
    for (Line line : before) {
      if (!isAmong(line, lines)) {
        Table table = line.table;
        table.lines.remove(line);
        table.shown -= line.run.entries();
        changed.add(table);
      }
    }
  }

  private static boolean isAmong(Line line, Line[] lines) {
    for (Line other : lines) {
      if (other == line) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // runs are told apart by identity
  private Line line(Slot slot, int level, Run run, Version version) {
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
              return new Table(number, file == null ? 0 : file.entries());
            });
    return new Line(run, level, table);
  }

  /** All slots that changed were shown: tells whom else that concerns, and forgets tables of no run. */
  void shown(Concerned concerned) {
    for (Table table : changed) {
      if (table.lines.isEmpty()) {
        tables.remove(table.number);
      } else if (table.deadPermille() != table.told) {
        table.told = table.deadPermille();
        for (Line line : table.lines) {
          concerned.slot(line.level, line.run.low());
        }
      }
    }
    changed.clear();
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
    RunFacts known = line.facts;
    int dead = line.table.deadPermille();
    Burden burden = run.burden();
    boolean read =
        known.fileDeadPermille() < 0
            || known.probes() != burden.probes()
            || known.missProbes() != burden.missProbes()
            || known.falsePositives() != burden.falsePositives()
            || known.missFalsePositives() != burden.missFalsePositives()
            || known.seeks() != burden.seeks();
    if (read
        || known.fileDeadPermille() != dead
        || known.tombstoneAgeMillis() != ageMillis(run, nowMillis)
        || known.retained() != run.maxRevision() > droppableUpTo) {
      line.facts =
          of(
              run,
              dead,
              droppableUpTo,
              nowMillis,
              read ? missNanos.applyAsLong(position) : known.missNanos());
    }
    return line.facts;
  }

  private static long ageMillis(Run run, long nowMillis) {
    long since = run.deletionsSinceMillis();
    return since == 0 || run.tombstones() == 0 ? 0 : Math.max(0, nowMillis - since);
  }

  /** The facts of a run as it is now. */
  static RunFacts of(
      Run run, int deadPermille, long droppableUpTo, long nowMillis, long missNanos) {
    return new RunFacts(
        run.id(),
        run.bytes(),
        run.entries(),
        run.tombstones(),
        run.overwritePermille(),
        ageMillis(run, nowMillis),
        run.maxRevision() > droppableUpTo,
        deadPermille,
        run.burden().probes(),
        run.burden().missProbes(),
        run.burden().falsePositives(),
        run.burden().missFalsePositives(),
        run.burden().seeks(),
        missNanos);
  }
}
