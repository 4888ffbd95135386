package dev.atll.schedule;

import dev.atll.base.Keys;
import dev.atll.tree.RunViews;
import dev.atll.tree.TableCache;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key at which a slot is cut, and makes the edit. A guard of the next level is taken where
 * one lies inside the slot, the one nearest to the middle by bytes; otherwise a key from the block
 * indexes, which is then added to every deeper level too, deepest first. No data is written: runs
 * that the key divides become two views.
 */
final class GuardChooser {
  // 32 samples put the cut within about 3 % of the middle.
  private static final int SAMPLES = 32;

  /**
   * A slot is not cut while it has less than so many bytes for each of the guard: the guard lies in
   * every deeper level, in the bounds of runs and in the partitions of their tables.
   */
  static final long SLOT_BYTES_PER_KEY_BYTE = 64;

  private final TableCache tables;
  private final RunViews views;

  GuardChooser(TableCache tables, RunViews views) {
    this.tables = tables;
    this.views = views;
  }

  /** The key to cut a slot at, or null if its data cannot be divided. */
  byte @Nullable [] choose(Version version, int level, int rank) {
    Level here = version.level(level);
    Slot slot = here.slots().get(rank);
    byte[] low = here.guards().low(rank);
    byte[] high = here.guards().high(rank);
    if (level < version.levelCount()) {
      Guards below = version.level(level + 1).guards();
      List<byte[]> inside = new ArrayList<>();
      int last = below.lastSlotBelow(high);
      for (int s = below.slotOf(low); s < last; s++) {
        inside.add(below.key(s));
      }
      if (!inside.isEmpty()) {
        return nearestToMiddle(slot, low, inside);
      }
    }
    Run widest = null;
    for (Run run : slot.runs()) {
      if (widest == null || run.bytes() > widest.bytes()) {
        widest = run;
      }
    }
    if (widest == null) {
      return null;
    }
    List<byte[]> samples = new ArrayList<>();
    for (byte[] key :
        tables.get(widest.fileNumber()).sampleKeys(widest.low(), widest.high(), SAMPLES)) {
      if (Keys.compare(key, low) > 0 && (high == null || Keys.compare(key, high) < 0)) {
        samples.add(key);
      }
    }
    return samples.isEmpty() ? null : nearestToMiddle(slot, low, samples);
  }

  private byte @Nullable [] nearestToMiddle(Slot slot, byte[] low, List<byte[]> keys) {
    long total = slot.bytes();
    byte[] best = null;
    long bestDistance = Long.MAX_VALUE;
    for (byte[] key : keys) {
      long left = bytesBelow(slot, low, key);
      long distance = Math.abs(total - 2 * left);
      if (left > 0 && left < total && distance < bestDistance) {
        bestDistance = distance;
        best = key;
      }
    }
    return best;
  }

  private long bytesBelow(Slot slot, byte[] low, byte[] key) {
    long sum = 0;
    for (Run run : slot.runs()) {
      byte[] from = Keys.compare(run.low(), low) > 0 ? run.low() : low;
      if (Keys.compare(from, key) < 0) {
        byte[] to = run.high();
        if (to == null || Keys.compare(key, to) < 0) {
          to = key;
        }
        sum += tables.get(run.fileNumber()).approximateBytes(from, to);
      }
    }
    return sum;
  }

  /** The slots, by level, that a cut at a key divides. */
  static List<Leases.SlotKey> divided(Version version, int level, byte[] key) {
    List<Leases.SlotKey> slots = new ArrayList<>();
    for (int i = level; i <= version.levelCount(); i++) {
      Guards guards = version.level(i).guards();
      if (!guards.contains(key)) {
        slots.add(new Leases.SlotKey(i, guards.low(guards.slotOf(key))));
      }
    }
    return slots;
  }

  /** The edit that adds a guard at a level and, where it is missing, below. */
  VersionEdit cut(Version version, int level, byte[] key) {
    VersionEdit edit = new VersionEdit();
    for (int i = version.levelCount(); i >= level; i--) {
      Guards guards = version.level(i).guards();
      if (guards.contains(key)) {
        continue;
      }
      edit.addedGuards.add(new VersionEdit.LevelGuard(i, key));
      int rank = guards.slotOf(key);
      byte[] low = guards.low(rank);
      byte[] high = guards.high(rank);
      for (Run run : version.level(i).slots().get(rank).runs()) {
        byte[] runHigh = run.high();
        boolean left = Keys.compare(run.low(), key) < 0;
        boolean right = runHigh == null || Keys.compare(key, runHigh) < 0;
        if (left && right) {
          edit.removedRuns.add(new VersionEdit.LevelRunId(i, run.id()));
          addIfAny(edit, i, views.clip(run, low, key));
          addIfAny(edit, i, views.clip(run, key, high));
        }
      }
    }
    return edit;
  }

  private static void addIfAny(VersionEdit edit, int level, @Nullable Run run) {
    if (run != null) {
      edit.addedRuns.add(new VersionEdit.LevelRun(level, run));
    }
  }
}
