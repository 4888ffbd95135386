package dev.atll.schedule;

import dev.atll.base.Keys;
import dev.atll.tree.TableCache;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key at which a slot is cut. A guard of the next level is taken where
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

  GuardChooser(TableCache tables) {
    this.tables = tables;
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
}
