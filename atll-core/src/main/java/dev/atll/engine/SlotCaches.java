package dev.atll.engine;

import dev.atll.api.CacheStats;
import dev.atll.env.Clock;
import dev.atll.sstable.BlockCache;
import dev.atll.sstable.BlockTraffic;
import dev.atll.sstable.FrameCache;
import dev.atll.sstable.TableReader;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.version.Guards;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which slots' blocks the caches hold, and for which they help. Tables count what reads ask of the
 * caches; what was added since the last look goes to the slot in which the partition lies now. A slot
 * is known by its level and where it begins. Thread-safe.
 */
final class SlotCaches {
  private static final long CENSUS_NANOS = 1_000_000_000L;
  // Looking at so many frames takes 2 to 3 ms; a larger cache is looked at less often.
  private static final long CENSUS_FRAMES = 16 << 10;

  private record Place(int level, ByteBuffer low) {}

  /**
   * What was found.
   *
   * @param ids of each slot, in order, a number that stays while it begins where it does
   */
  record Look(CacheStats stats, long[] ids) {}

  private static final class Sums {
    final long id;
    final int level;
    int slot;
    long hits;
    long misses;
    long frames;
    long mappedBytes;
    long blockBytes;
    long look;

    Sums(long id, int level) {
      this.id = id;
      this.level = level;
    }
  }

  /** What was counted of a partition so far. */
  private static final class Seen {
    long hits;
    long misses;
    long frames;
    long look;
    @Nullable Sums slot;
  }

  private final TableCache tables;
  private final StateHolder states;
  private final Clock clock;

  // All guarded by this.
  private final IdentityHashMap<BlockTraffic, Seen> seen = new IdentityHashMap<>();
  private final Map<Place, Sums> slots = new HashMap<>();
  private long look;
  private long lastId;
  private long censusAtNanos;

  SlotCaches(TableCache tables, StateHolder states, Clock clock) {
    this.tables = tables;
    this.states = states;
    this.clock = clock;
    this.censusAtNanos = clock.nanoTime();
  }

  /** Looks at all slots. */
  synchronized Look look() {
    look++;
    FrameCache frames = tables.frames();
    if (frames != null && clock.nanoTime() - censusAtNanos >= 0) {
      long rounds = 1 + frames.frameCount() / CENSUS_FRAMES;
      censusAtNanos = clock.nanoTime() + rounds * CENSUS_NANOS;
      seen.values().forEach(one -> one.frames = 0);
      try {
        frames.census((file, offset, _, _) -> held(file, offset));
      } catch (IllegalStateException e) {
        // The store was closed, and the memory of the cache is gone: it holds nothing of anybody.
        seen.values().forEach(one -> one.frames = 0);
      }
    }
    ReadState state = states.peek();
    List<Sums> present = new ArrayList<>();
    count(0, new byte[0], 0, state.tree().levelZero(), present);
    for (int level = 1; level <= state.tree().levels().length; level++) {
      ReadSlot[] ofLevel = state.tree().levels()[level - 1].slots();
      Guards guards = state.version().level(level).guards();
      for (int s = 0; s < ofLevel.length; s++) {
        count(level, guards.low(s), s, ofLevel[s].runs(), present);
      }
    }
    forgetGone();
    return new Look(
        report(frames, present), present.stream().mapToLong(one -> one.id).toArray());
  }

  private void held(long file, long offset) {
    TableReader table = tables.ifOpen(file);
    BlockTraffic traffic = table == null ? null : table.traffic(table.partitionAt(offset));
    if (traffic != null) {
      seen.computeIfAbsent(traffic, _ -> new Seen()).frames++;
    }
  }

  private void count(int level, byte[] low, int slot, ReadRun[] runs, List<Sums> present) {
    if (runs.length == 0) {
      return;
    }
    Sums sums =
        slots.computeIfAbsent(new Place(level, ByteBuffer.wrap(low)), _ -> new Sums(++lastId, level));
    sums.slot = slot;
    sums.look = look;
    sums.frames = 0;
    sums.mappedBytes = 0;
    sums.blockBytes = 0;
    present.add(sums);
    for (ReadRun run : runs) {
      if (run.table().isMapped()) {
        sums.mappedBytes += run.run().bytes();
      } else {
        sums.blockBytes += run.run().bytes();
      }
      for (int p = run.partitions().from(); p < run.partitions().to(); p++) {
        BlockTraffic traffic = run.table().traffic(p);
        if (traffic != null) {
          count(traffic, seen.computeIfAbsent(traffic, _ -> new Seen()), sums);
        }
      }
    }
  }

  private void count(BlockTraffic traffic, Seen known, Sums sums) {
    if (known.look != look) {
      known.look = look;
      known.slot = sums;
      sums.frames += known.frames;
      add(traffic, known, sums);
    }
  }

  private static void add(BlockTraffic traffic, Seen known, Sums sums) {
    long hits = traffic.hits();
    long misses = traffic.misses();
    sums.hits += hits - known.hits;
    sums.misses += misses - known.misses;
    known.hits = hits;
    known.misses = misses;
  }

  /**
   * Of tables that are gone from the tree, what was read since the last look counts for where they
   * were; then they and the slots that are gone are forgotten.
   */
  private void forgetGone() {
    for (Map.Entry<BlockTraffic, Seen> one : seen.entrySet()) {
      Sums last = one.getValue().slot;
      if (one.getValue().look != look && last != null) {
        add(one.getKey(), one.getValue(), last);
      }
    }
    seen.values().removeIf(one -> one.look != look);
    slots.values().removeIf(one -> one.look != look);
  }

  private CacheStats report(@Nullable FrameCache frames, List<Sums> present) {
    BlockCache blocks = tables.blocks();
    long frameBytes = frames == null ? 0 : frames.frameBytes();
    List<CacheStats.SlotCache> found = new ArrayList<>(present.size());
    for (Sums s : present) {
      found.add(
          new CacheStats.SlotCache(
              s.level,
              s.slot,
              s.hits,
              s.misses,
              s.frames * frameBytes,
              s.mappedBytes,
              s.blockBytes));
    }
    return new CacheStats(
        tables.isMapped(),
        tables.memoryBytes(),
        (blocks == null ? 0 : blocks.bytesMax()) + (frames == null ? 0 : frames.bytesMax()),
        (blocks == null ? 0 : blocks.bytes()) + (frames == null ? 0 : frames.bytes()),
        (blocks == null ? 0 : blocks.hits()) + (frames == null ? 0 : frames.hits()),
        (blocks == null ? 0 : blocks.misses()) + (frames == null ? 0 : frames.misses()),
        (blocks == null ? 0 : blocks.evictions()) + (frames == null ? 0 : frames.evictions()),
        found);
  }
}
