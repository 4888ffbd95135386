package dev.atll.engine;

import dev.atll.api.Stats;
import dev.atll.memtable.Memtable;
import dev.atll.sstable.BlockCache;
import dev.atll.tree.ReadState;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.wal.WalSegment;
import java.util.ArrayList;
import java.util.List;

/** Collects {@link Stats} from the parts. */
final class StatsReport {
  private StatsReport() {}

  static Stats of(StoreParts parts) {
    ReadState state = parts.states.peek();
    Version version = state.version();
    List<Stats.LevelStats> levels = new ArrayList<>();
    levels.add(
        new Stats.LevelStats(
            0,
            version.levelZero().stream().mapToLong(Run::bytes).sum(),
            version.levelZero().stream().mapToLong(Run::entries).sum(),
            List.of(version.levelZero().size())));
    for (int i = 1; i <= version.levelCount(); i++) {
      Level level = version.level(i);
      levels.add(
          new Stats.LevelStats(
              i,
              level.bytes(),
              level.slots().stream()
                  .flatMap(s -> s.runs().stream())
                  .mapToLong(Run::entries)
                  .sum(),
              level.slots().stream().map(s -> s.runs().size()).toList()));
    }
    long memtableBytes = 0;
    for (Memtable memtable : state.memtables()) {
      memtableBytes += memtable.bytes();
    }
    BlockCache blocks = parts.tables.blocks();
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
        parts.wal.segments().stream().mapToLong(WalSegment::length).sum(),
        version.fileBytes(),
        version.liveBytes(),
        parts.scheduler.debtBytes(),
        parts.throttle.stallNanos(),
        blocks == null ? 0 : blocks.hits(),
        blocks == null ? 0 : blocks.misses(),
        parts.snapshots.count(),
        levels);
  }
}
