package dev.atll.schedule;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.base.Keys;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.observe.event.FailureCause;
import dev.atll.sstable.TableNames;
import dev.atll.version.VersionEdit.LevelRun;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure of a job means: its cause, and the slots that had better be left alone. */
final class Failures {
  private Failures() {}

  /**
   * The cause, or null if the failure says nothing of the job: the store closes, or has failed.
   *
   * @param outputs numbers of the files that the job wrote
   */
  static @Nullable FailureCause causeOf(Throwable e, List<Long> outputs) {
    return switch (e) {
      case StoreClosedException _ -> null;
      case StoreFailedException _ -> null;
      case DirectoryLostException _ -> null;
      case CorruptionException damage ->
          outputs.contains(TableNames.fileNumber(damage.file()))
              ? FailureCause.OUTPUT
              : FailureCause.DAMAGE;
      case StorageFullException _ -> FailureCause.SPACE;
      case OutOfSpaceException _ -> FailureCause.SPACE;
      case StorageIoException _ -> FailureCause.IO;
      case IOException _ -> FailureCause.IO;
      case OutOfMemoryError _ -> FailureCause.MEMORY;
      default -> FailureCause.OTHER;
    };
  }

  /** The slots to put aside: those that hold the damaged table, or else the one acted on. */
  static Set<Leases.SlotKey> slotsOf(JobPlanner.Leased leased, Throwable e) {
    Set<Leases.SlotKey> damaged = new LinkedHashSet<>();
    if (e instanceof CorruptionException damage) {
      long file = TableNames.fileNumber(damage.file());
      for (LevelRun in : leased.plan().inputs()) {
        if (in.run().fileNumber() == file) {
          Leases.SlotKey slot = slotOf(in, leased.slots());
          if (slot != null) {
            damaged.add(slot);
          }
        }
      }
    }
    return damaged.isEmpty() ? Set.of(leased.slots().get(0)) : damaged;
  }

  private static Leases.@Nullable SlotKey slotOf(LevelRun in, List<Leases.SlotKey> leased) {
    Leases.SlotKey found = null;
    for (Leases.SlotKey slot : leased) {
      // In key order at each level.
      if (slot.level() == in.level() && Keys.compare(slot.low(), in.run().low()) <= 0) {
        found = slot;
      }
    }
    return found;
  }
}
