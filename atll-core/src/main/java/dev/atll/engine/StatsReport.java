package dev.atll.engine;

import dev.atll.api.CacheStats;
import dev.atll.api.Stats;
import dev.atll.memtable.Memtable;
import dev.atll.policy.UnitCosts;
import dev.atll.read.ReadMeter;
import dev.atll.sstable.TableInfo;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadState;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.wal.WalSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects {@link Stats} from the parts. */
final class StatsReport {
  private StatsReport() {}

  static Stats of(StoreParts parts, CacheStats cache) {
    ReadState state = parts.states.peek();
    Version version = state.version();
    List<Stats.LevelStats> levels = new ArrayList<>();
    levels.add(
        level(0, Arrays.asList(state.tree().levelZero()), List.of(version.levelZero().size())));
    for (int i = 1; i <= version.levelCount(); i++) {
      List<ReadRun> runs = new ArrayList<>();
      List<Integer> slotRuns = new ArrayList<>();
      for (ReadSlot slot : state.tree().levels()[i - 1].slots()) {
        runs.addAll(Arrays.asList(slot.runs()));
        slotRuns.add(slot.runs().length);
      }
      levels.add(level(i, runs, slotRuns));
    }
    long memtableBytes = 0;
    for (Memtable memtable : state.memtables()) {
      memtableBytes += memtable.bytes();
    }
    return new Stats(
        parts.commits.puts(),
        parts.commits.deletes(),
        parts.meter.gets(),
        parts.meter.seeks(),
        parts.commits.userBytes(),
        parts.wal.bytesWritten(),
        parts.flushes.bytesWritten(),
        parts.scheduler.bytesRead(),
        parts.scheduler.bytesWritten(),
        parts.versions.bytesWritten(),
        parts.flushes.flushes(),
        parts.scheduler.compactions(),
        parts.admissions.admissions(),
        parts.scheduler.moves(),
        parts.meter.probesPerGet(),
        parts.meter.blocksPerGet(),
        parts.meter.runsPerSeek(),
        memtableBytes,
        parts.throttle.pinnedBytes(),
        parts.wal.segments().stream().mapToLong(WalSegment::length).sum(),
        version.fileBytes(),
        version.liveBytes(),
        parts.scheduler.debtBytes(),
        parts.throttle.stallNanos(),
        cache.hits(),
        cache.misses(),
        parts.meter.vainProbes(),
        parts.meter.falsePositiveRate(),
        parts.meter.expectedFalsePositiveRate(),
        parts.snapshots.count(),
        parts.scheduler.quarantined(),
        parts.scheduler.adviserFailures(),
        parts.events.failed(),
        cache,
        levels);
  }

  /** The price of all reads so far, at unit costs. */
  static double readNanos(ReadMeter meter, UnitCosts costs) {
    return meter.gets()
            * (meter.probesPerGet() * costs.probeNanos()
                + meter.blocksPerGet() * costs.blockReadNanos())
        + meter.seeks() * meter.runsPerSeek() * costs.seekNanos();
  }

  private static Stats.LevelStats level(int number, List<ReadRun> runs, List<Integer> slotRuns) {
    long bytes = 0;
    long entries = 0;
    double filterBytes = 0;
    double falsePositives = 0;
    for (ReadRun read : runs) {
      Run run = read.run();
      TableInfo table = read.table().info();
      bytes += run.bytes();
      entries += run.entries();
      // A run shows a part of its table, and counts for that part of its filters.
      filterBytes +=
          table.filterBytes() * Math.min(1, run.entries() / Math.max(1.0, (double) table.entries()));
      falsePositives += table.falsePositiveRate() * run.entries();
    }
    return new Stats.LevelStats(
        number,
        bytes,
        entries,
        Math.round(filterBytes),
        entries == 0 ? 1 : falsePositives / entries,
        slotRuns);
  }
}
