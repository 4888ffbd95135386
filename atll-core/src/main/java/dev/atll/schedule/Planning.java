package dev.atll.schedule;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.env.Clock;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.FailureCause;
import dev.atll.policy.Action;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Guards;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an action that was picked: a job with its lease and the space it needs, or an edit with
 * its lease; or nothing, where another job is in the way, the disk is full, or its slots are put aside.
 * Decides nothing and installs nothing. Guarded by the decider's lock.
 */
final class Planning {
  /** What an action came to. */
  sealed interface Planned {}

  /** A job; its slots are leased until it ends. */
  record Job(JobRun run) implements Planned {}

  /** A change that writes no data; its slots are leased until they are given back. */
  static final class Edit implements Planned {
    private final ActionKind kind;
    private final Action action;
    private final List<Leases.SlotKey> slots;
    private final Function<Version, @Nullable VersionEdit> source;
    private final byte @Nullable [] key;
    private boolean held;

    private Edit(
        ActionKind kind,
        Action action,
        List<Leases.SlotKey> slots,
        Function<Version, @Nullable VersionEdit> source,
        byte @Nullable [] key) {
      this.kind = kind;
      this.action = action;
      this.slots = slots;
      this.source = source;
      this.key = key;
    }

    ActionKind kind() {
      return kind;
    }

    Action action() {
      return action;
    }

    /** The slot acted on. */
    Leases.SlotKey slot() {
      return slots.get(0);
    }

    /** Makes the edit on the version in force; null if there is nothing left to do. */
    Function<Version, @Nullable VersionEdit> source() {
      return source;
    }

    /** The guard that comes, or null. */
    byte @Nullable [] key() {
      return key;
    }
  }

  private final StateHolder states;
  private final TreeInstaller installer;
  private final DiskSpace disk;
  private final Clock clock;
  private final DecisionEvents events;
  private final JobRun.Owner owner;
  private final JobPlanner planner;
  private final GuardChooser guardChooser;
  private final Leases leases = new Leases();
  private final Quarantine quarantine = new Quarantine();
  // Slots whose data could not be divided, by identity, until they change.
  private final IdentityHashMap<Slot, Leases.SlotKey> indivisible = new IdentityHashMap<>();
  // What was leased last, until somebody has taken it over.
  private @Nullable JobRun unowned;
  private @Nullable Edit unownedEdit;
  private long lastJob;

  Planning(TreeAccess tree, Clock clock, DecisionEvents events, JobRun.Owner owner) {
    this.states = tree.states();
    this.installer = tree.installer();
    this.disk = tree.disk();
    this.clock = clock;
    this.events = events;
    this.owner = owner;
    this.planner = new JobPlanner(tree.views());
    this.guardChooser = new GuardChooser(tree.tables(), tree.views());
  }

  // ---- what a look sees of it

  /** The ranks of a level's slots that jobs hold, or that are put aside. */
  BitSet held(int level, Guards guards) {
    BitSet ranks = leases.held(level, guards);
    quarantine.mark(level, guards, ranks, clock.nanoTime());
    return ranks;
  }

  boolean isSplittable(Slot slot) {
    return indivisible.isEmpty() || !indivisible.containsKey(slot);
  }

  /** How many slots turned out to be indivisible and have not changed since. */
  int indivisible() {
    return indivisible.size();
  }

  @SuppressWarnings("ReferenceEquality") // a slot that changed is another object
  void forgetIndivisible(Version version) {
    indivisible.entrySet().removeIf(entry -> entry.getValue().slotIn(version) != entry.getKey());
  }

  boolean hasLeases() {
    return !leases.isEmpty();
  }

  Quarantine quarantine() {
    return quarantine;
  }

  // ---- plans

  /**
   * Plans an action; damage met on the way is the slot's, and others have their turn.
   *
   * @param whole told of a slot that cannot be divided
   * @return null if it cannot be carried out now
   */
  @Nullable Planned plan(
      Version version, Action action, long decisionId, SnapshotBuilder whole) {
    try {
      return switch (action) {
        case Action.Merge merge -> lease(planner.merge(version, merge, lastJob + 1, decisionId));
        case Action.Promote promote ->
            lease(planner.promote(version, promote, lastJob + 1, decisionId));
        case Action.Join join -> lease(planner.join(version, join, lastJob + 1, decisionId));
        case Action.Move move -> move(version, move);
        case Action.Split split -> split(version, split, whole);
      };
    } catch (CorruptionException | StorageIoException e) {
      if (!putAside(Leases.SlotKey.of(version, action.level(), action.slot()), e)) {
        throw e;
      }
      return null;
    }
  }

  private @Nullable Planned lease(JobPlanner.@Nullable Leased leased) {
    if (leased == null || quarantine.holdsAny(leased.slots(), clock.nanoTime())) {
      return null;
    }
    JobRun job = take(leased);
    return job == null ? null : new Job(job);
  }

  /** Takes the lease and the space of a job, which is left in {@link #unowned}; null if it may not. */
  private @Nullable JobRun take(JobPlanner.Leased leased) {
    // Invariant I10: a job starts only if its whole output fits beside what is kept in reserve, and
    // beside what other jobs have yet to write; from then on its bytes are promised to it.
    DiskSpace.Reservation promise = disk.tryPromise(leased.plan().bytesPlanned());
    if (promise == null) {
      return null;
    }
    JobRun job = null;
    try {
      // Made before the lease is taken, so that no lease is without an owner, memory or not.
      job = new JobRun(owner, installer, disk, promise, leased);
    } finally {
      if (job == null) {
        promise.close();
      }
    }
    unowned = job;
    if (leased.take(leases)) {
      lastJob++;
      return job;
    }
    job.end();
    unowned = null;
    return null;
  }

  private @Nullable Planned move(Version version, Action.Move move) {
    int runsThen = version.level(move.level()).slots().get(move.slot()).runs().size();
    int fromOldest = runsThen - move.first();
    if (move.level() == version.levelCount() || fromOldest == 0) {
      return null;
    }
    // Other edits may come in between; while the slot is leased its runs can only grow at the
    // newest end, so the runs moved are found again by counting from the oldest.
    byte[] low = version.level(move.level()).guards().low(move.slot());
    return take(
        new Edit(
            ActionKind.MOVE_DOWN,
            move,
            JobPlanner.moveLeases(version, move),
            now -> {
              int rank = now.level(move.level()).guards().slotOf(low);
              int runs = now.level(move.level()).slots().get(rank).runs().size();
              return planner.move(now, new Action.Move(move.level(), rank, runs - fromOldest));
            },
            null));
  }

  private @Nullable Planned split(Version version, Action.Split split, SnapshotBuilder whole) {
    Slot slot = version.level(split.level()).slots().get(split.slot());
    byte[] key = guardChooser.choose(version, split.level(), split.slot());
    if (key == null || slot.bytes() < GuardChooser.SLOT_BYTES_PER_KEY_BYTE * key.length) {
      Leases.SlotKey undivided = Leases.SlotKey.of(version, split.level(), split.slot());
      indivisible.put(slot, undivided);
      whole.touch(undivided);
      return null;
    }
    List<Leases.SlotKey> divided = GuardChooser.divided(version, split.level(), key);
    if (divided.isEmpty()) {
      return null;
    }
    return take(
        new Edit(
            ActionKind.GUARD_ADD,
            split,
            divided,
            now -> {
              VersionEdit edit = guardChooser.cut(now, split.level(), key);
              return edit.addedGuards.isEmpty() ? null : edit;
            },
            key));
  }

  /** Takes the lease of an edit, which is left in {@link #unownedEdit}; null if somebody has it. */
  private @Nullable Edit take(Edit edit) {
    unownedEdit = edit;
    edit.held = leases.tryTake(edit.slots);
    if (edit.held) {
      return edit;
    }
    unownedEdit = null;
    return null;
  }

  /** What was planned last has an owner. */
  void owned() {
    unowned = null;
    unownedEdit = null;
  }

  /** Ends what was leased and nobody has taken over; again does nothing. */
  void giveBackUnowned() {
    JobRun job = unowned;
    if (job != null) {
      job.end();
      unowned = null;
    }
    Edit edit = unownedEdit;
    if (edit != null) {
      giveBack(edit);
      unownedEdit = null;
    }
  }

  /** Gives the lease of an edit back; again does nothing. */
  void giveBack(Edit edit) {
    if (edit.held) {
      edit.held = false;
      leases.giveBack(edit.slots);
    }
  }

  /** Gives the lease of a job back; again does nothing. */
  void giveBack(JobPlanner.Leased leased) {
    leased.giveBack(leases);
  }

  // ---- jobs by hand

  /** As {@link #leaseManually}, of a merge. */
  @Nullable JobRun leaseMerge(Version version, Action.Merge merge) {
    return leaseManually(planner.merge(version, merge, lastJob + 1, 0));
  }

  /** As {@link #leaseManually}, of a promotion. */
  @Nullable JobRun leasePromote(Version version, Action.Promote promote) {
    return leaseManually(planner.promote(version, promote, lastJob + 1, 0));
  }

  /**
   * Leases a job outside the policy, for a manual compaction; null if another job is in the way.
   *
   * @throws StorageFullException if its output would not fit on the disk (invariant I10)
   */
  private @Nullable JobRun leaseManually(JobPlanner.@Nullable Leased planned) {
    if (planned == null) {
      return null;
    }
    if (!disk.fits(planned.plan().bytesPlanned())) {
      throw new StorageFullException(
          String.format(
              Locale.ROOT,
              "compacting %d bytes needs as many free on the disk, beside the reserve",
              planned.plan().bytesPlanned()));
    }
    try {
      // Also where a slot is put aside: whoever asks by hand wants to know.
      JobRun job = take(planned);
      unowned = null;
      return job;
    } catch (Throwable e) {
      giveBackUnowned();
      throw e;
    }
  }

  // ---- failures

  /** Puts a slot aside if a failure is its own; false if it says nothing of the slot. */
  boolean putAside(Leases.SlotKey slot, RuntimeException e) {
    FailureCause cause = Failures.causeOf(e, List.of());
    if (installer.isInDoubt() || cause == null) {
      return false;
    }
    putAside(List.of(slot), cause, e);
    return true;
  }

  /** Puts slots aside for a while, so that others have their turn. */
  void putAside(Collection<Leases.SlotKey> slots, FailureCause cause, Throwable e) {
    for (Leases.SlotKey slot : slots) {
      Quarantine.Line line = quarantine.add(slot, cause, clock.nanoTime());
      events.quarantined(slot, line, states.peek().version(), e);
    }
  }

  /** A job went through: its slots are like any others again. */
  void succeeded(JobPlanner.Leased leased) {
    if (quarantine.isEmpty()) {
      return;
    }
    for (Leases.SlotKey slot : leased.slots()) {
      Quarantine.Line line = quarantine.release(slot);
      if (line != null) {
        events.released(slot, line, states.peek().version());
      }
    }
  }
}
