package dev.atll.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories of edits against a model that knows neither slots nor order. */
final class VersionProperties {
  private static final int LEVELS = 4;
  private static final int EDITS = 80;

  /** The same tree as plain sets. */
  private static final class Model {
    final List<Map<Long, Run>> runs = new ArrayList<>();
    final List<TreeSet<byte[]>> guards = new ArrayList<>();
    final Map<Long, TableFile> files = new HashMap<>();

    Model() {
      for (int i = 0; i <= LEVELS; i++) {
        runs.add(new HashMap<>());
        guards.add(new TreeSet<>(Keys::compare));
      }
    }

    void apply(VersionEdit edit) {
      edit.removedRuns.forEach(r -> runs.get(r.level()).remove(r.runId()));
      edit.addedRuns.forEach(r -> runs.get(r.level()).put(r.run().id(), r.run()));
      edit.removedGuards.forEach(g -> guards.get(g.level()).remove(g.key()));
      edit.addedGuards.forEach(g -> guards.get(g.level()).add(g.key()));
      edit.addedFiles.forEach(f -> files.put(f.number(), f));
      Set<Long> used = new HashSet<>();
      runs.forEach(level -> level.values().forEach(r -> used.add(r.fileNumber())));
      files.keySet().retainAll(used);
    }

    void check(Version v) {
      assertEquals(new TreeMap<>(files), new TreeMap<>(v.files()));
      assertEquals(runs.get(0).keySet(), ids(v.levelZero()));
      for (int level = 1; level <= LEVELS; level++) {
        Level l = v.level(level);
        assertTrue(Arrays.deepEquals(guards.get(level).toArray(), l.guards().keys()));
        assertEquals(l.guards().slotCount(), l.slots().size());
        Set<Long> seen = new HashSet<>();
        for (int s = 0; s < l.slots().size(); s++) {
          List<Run> slot = l.slots().get(s).runs();
          for (int i = 0; i < slot.size(); i++) {
            Run run = slot.get(i);
            assertSame(runs.get(level).get(run.id()), run);
            assertTrue(run.isWithin(l.guards().low(s), l.guards().high(s)));
            assertTrue(i == 0 || slot.get(i - 1).minRevision() > run.maxRevision());
            seen.add(run.id());
          }
        }
        assertEquals(runs.get(level).keySet(), seen);
      }
      for (int i = 1; i < v.levelZero().size(); i++) {
        assertTrue(v.levelZero().get(i - 1).maxRevision() >= v.levelZero().get(i).maxRevision());
      }
      for (int i = 1; i < LEVELS; i++) {
        assertTrue(guards.get(i + 1).containsAll(guards.get(i)));
      }
    }

    private static Set<Long> ids(List<Run> list) {
      Set<Long> ids = new HashSet<>();
      list.forEach(r -> ids.add(r.id()));
      return ids;
    }
  }

  /** A table whose left part had gone down lost the guard that kept its right part from it. */
  @Example
  void aGuardThatKeepsPartsOfATableApartStays() {
    historiesAgreeWithTheModel(-3055954982L);
  }

  @Property(tries = 300)
  void historiesAgreeWithTheModel(@ForAll long seed) {
    RandomEdits edits = new RandomEdits(new Random(seed), new AtomicLong(1)::getAndIncrement);
    Version v = Version.empty(LEVELS);
    Model model = new Model();
    for (int i = 0; i < EDITS; i++) {
      VersionEdit edit = edits.next(v);
      Version next = v.apply(edit);
      model.apply(edit);
      model.check(next);
      untouchedSlotsAreTheSameObjects(v, next, edit);
      v = next;
    }
  }

  private static void untouchedSlotsAreTheSameObjects(Version v, Version next, VersionEdit edit) {
    for (int level = 1; level <= LEVELS; level++) {
      int l = level;
      boolean guardsChanged =
          edit.addedGuards.stream().anyMatch(g -> g.level() == l)
              || edit.removedGuards.stream().anyMatch(g -> g.level() == l);
      if (guardsChanged) {
        continue;
      }
      for (int s = 0; s < v.level(l).slots().size(); s++) {
        Slot before = v.level(l).slots().get(s);
        Slot after = next.level(l).slots().get(s);
        if (Model.ids(before.runs()).equals(Model.ids(after.runs()))) {
          assertSame(before, after);
        }
      }
    }
  }

  @Property(tries = 300)
  void illegalEditsAreRefused(@ForAll long seed) {
    Random random = new Random(seed);
    RandomEdits edits = new RandomEdits(random, new AtomicLong(1)::getAndIncrement);
    Version v = Version.empty(LEVELS);
    for (int i = 0; i < EDITS; i++) {
      v = v.apply(edits.next(v));
    }
    String before = VersionText.of(v);
    for (int kind = 0; kind < 12; kind++) {
      VersionEdit edit = edits.next(v);
      if (spoil(v, edit, kind, random)) {
        Version tree = v;
        String what = "kind " + kind + "\n" + VersionText.of(edit);
        assertThrows(IllegalArgumentException.class, () -> tree.apply(edit), what);
        assertEquals(before, VersionText.of(v));
      }
    }
  }

  /** Adds one thing that no legal edit holds; false if this tree offers no opportunity. */
  private static boolean spoil(Version v, VersionEdit edit, int kind, Random random) {
    int level = 1 + random.nextInt(LEVELS);
    byte[] low = {1};
    byte[] fresh = {0x42, 0x17, 0x33, 0x05};
    TableFile file = new TableFile(1 << 20, 1, 1, 0, 1);
    long top = Long.MAX_VALUE;
    switch (kind) {
      case 0 -> edit.removedRuns.add(new LevelRunId(random.nextInt(LEVELS + 1), 1L << 40));
      case 1 -> {
        if (edit.removedRuns.isEmpty()) {
          return false;
        }
        edit.removedRuns.add(edit.removedRuns.getFirst());
      }
      case 2 -> edit.addedRuns.add(new LevelRun(level, run(1 << 21, 1 << 20, low, top)));
      case 3 -> edit.addedFiles.add(file); // and no run of it
      case 4 -> {
        Guards g = v.level(level).guards();
        if (g.size() == 0 || !edit.removedGuards.isEmpty()) {
          return false;
        }
        edit.addedGuards.add(new LevelGuard(level, g.key(random.nextInt(g.size()))));
      }
      case 5 -> edit.removedGuards.add(new LevelGuard(level, fresh));
      case 6 -> edit.addedGuards.add(new LevelGuard(1 + random.nextInt(LEVELS - 1), fresh));
      case 7 -> {
        Guards upper = v.level(1).guards();
        if (upper.size() == 0 || !edit.addedGuards.isEmpty() || !edit.removedGuards.isEmpty()) {
          return false;
        }
        edit.removedGuards.add(new LevelGuard(2, upper.key(0)));
      }
      case 8 -> {
        if (v.level(level).guards().size() == 0 || !edit.removedGuards.isEmpty()) {
          return false;
        }
        edit.addedFiles.add(file); // a run across a guard
        edit.addedRuns.add(new LevelRun(level, run(1 << 21, file.number(), Keys.EMPTY, top)));
      }
      case 9 -> {
        edit.addedFiles.add(file);
        edit.addedRuns.add(new LevelRun(LEVELS + 1, run(1 << 21, file.number(), low, top)));
      }
      case 10 -> {
        edit.addedFiles.add(file); // one id twice
        edit.addedRuns.add(new LevelRun(0, run(1 << 21, file.number(), low, top)));
        edit.addedRuns.add(new LevelRun(0, run(1 << 21, file.number(), low, top)));
      }
      default -> {
        edit.addedFiles.add(file); // revisions that meet those of another run of the slot
        edit.addedRuns.add(new LevelRun(level, bounded(v, level, 1 << 21, file.number(), top)));
        edit.addedRuns.add(new LevelRun(level, bounded(v, level, 1 << 22, file.number(), top)));
      }
    }
    return true;
  }

  private static Run bounded(Version v, int level, long id, long file, long revision) {
    // Above all guards but the ones made of 0xFF alone, whose slot has just as little room.
    byte[] low = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) (level + v.levelCount())};
    return run(id, file, low, revision);
  }

  private static Run run(long id, long file, byte[] low, long revision) {
    return new Run(
        id,
        file,
        low,
        null,
        new RunFigures(revision, revision, 1, 0, 1, 0, 0),
        new Burden());
  }
}
