package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.base.Keys;
import dev.atll.policy.RunFacts;
import dev.atll.version.Burden;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.TableFile;
import dev.atll.version.TableFiles;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunLinesTest {
  /** Facts that are kept are those that would be made anew, whatever changes between looks. */
  @Test
  void whatIsKeptIsWhatWouldBeMade() {
    for (long seed = 1; seed <= 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Long, TableFile> files = new HashMap<>();
      RunLines lines = new RunLines();
      List<RunLines.Slot> slots = new ArrayList<>();
      List<List<Run>> runs = new ArrayList<>();
      long ids = 0;
      for (int look = 1; look <= 60; look++) {
        for (int change = random.nextInt(4); change > 0; change--) {
          int at = random.nextInt(runs.size() + 1);
          if (at == runs.size() || random.nextInt(4) == 0) {
            slots.add(at, new RunLines.Slot());
            runs.add(at, List.of());
          } else if (random.nextInt(4) == 0) {
            lines.show(slots.remove(at), 1, List.of(), version(files));
            runs.remove(at);
          } else {
            List<Run> next = new ArrayList<>(runs.get(at));
            next.removeIf(r -> random.nextInt(3) == 0);
            for (int i = random.nextInt(3); i > 0; i--) {
              // Now a new table, now a view of one that others show, or that nobody has shown of late.
              long number = 1 + (random.nextBoolean() ? look * 4L : random.nextInt(look * 4));
              files.putIfAbsent(
                  number, new TableFile(number, 1000, random.nextInt(5) * 100L, 0, 1000));
              next.add(0, run(++ids, number, random));
            }
            runs.set(at, List.copyOf(next));
          }
        }
        runs.forEach(of -> of.forEach(r -> r.burden().addGets(random.nextInt(2), 1, true)));
        runs.forEach(of -> of.forEach(r -> r.burden().addSeeks(random.nextInt(2))));
        for (int s = 0; s < slots.size(); s++) {
          lines.show(slots.get(s), 1, runs.get(s), version(files));
        }
        lines.shown((level, key) -> {});
        long droppable = random.nextInt(100);
        long nowMillis = 1000 + look / 8;
        for (int s = 0; s < slots.size(); s++) {
          assertEquals(
              made(runs.get(s), runs, files, droppable, nowMillis),
              lines.facts(slots.get(s), droppable, nowMillis, r -> 0),
              "seed " + seed);
        }
      }
    }
  }

  private static Version version(Map<Long, TableFile> files) {
    return new Version(
        List.of(), List.of(Level.EMPTY), TableFiles.of(files.values()), 1, 0, 0, 0, 0);
  }

  private static Run run(long id, long file, SplittableRandom random) {
    long revision = random.nextInt(100);
    return new Run(
        id,
        file,
        Keys.EMPTY,
        null,
        new RunFigures(
            revision,
            revision,
            random.nextInt(300),
            random.nextInt(2),
            random.nextInt(5000),
            random.nextInt(1000),
            random.nextInt(2) * 900),
        new Burden());
  }

  private static List<RunFacts> made(
      List<Run> of, List<List<Run>> all, Map<Long, TableFile> files, long droppable, long now) {
    List<RunFacts> facts = new ArrayList<>();
    for (Run r : of) {
      long shown = 0;
      for (List<Run> slot : all) {
        for (Run other : slot) {
          shown += other.fileNumber() == r.fileNumber() ? other.entries() : 0;
        }
      }
      long entries = files.get(r.fileNumber()).entries();
      boolean ages = r.deletionsSinceMillis() > 0 && r.tombstones() > 0;
      facts.add(
          new RunFacts(
              r.id(),
              r.bytes(),
              r.entries(),
              r.tombstones(),
              r.overwritePermille(),
              ages ? now - r.deletionsSinceMillis() : 0,
              r.maxRevision() > droppable,
              entries == 0 ? 0 : (int) Math.max(0, 1000 * (entries - shown) / entries),
              r.burden().probes(),
              r.burden().missProbes(),
              r.burden().falsePositives(),
              r.burden().missFalsePositives(),
              r.burden().seeks(),
              0));
    }
    return facts;
  }
}
