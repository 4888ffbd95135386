package dev.atll.schedule;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.env.Clock;
import dev.atll.kernel.Action;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.FailureCause;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.tree.VersionShape;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.ArrayList;
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
    private final Action action;
    private final List<Leases.SlotKey> slots;
    private final Function<Version, @Nullable VersionEdit> source;
    private final byte @Nullable [] key;
    private boolean held;

    /** It was installed, or will not be: whoever comes next may give its slots back. */
    volatile boolean over;

    private Edit(
        Action action,
        List<Leases.SlotKey> slots,
        Function<Version, @Nullable VersionEdit> source,
        byte @Nullable [] key) {
      this.action = action;
      this.slots = slots;
      this.source = source;
      this.key = key;
    }

    ActionKind kind() {
      return action.kind();
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
  private final RunViews views;
  private final JobPlanner planner;
  private final GuardChooser guardChooser;
  private final Leases leases = new Leases();
  private final Quarantine quarantine = new Quarantine();
  // Slots whose data could not be divided, by identity, until they change.
  private final IdentityHashMap<Slot, Leases.SlotKey> indivisible = new IdentityHashMap<>();
  // Edits that hold slots: what throws while one gives them back leaves it here for the next look.
  private final List<Edit> edits = new ArrayList<>();
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
    this.views = tree.views();
    this.planner = new JobPlanner(views);
    this.guardChooser = new GuardChooser(tree.tables());
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
      VersionShape tree = new VersionShape(version, views);
      Plan<Run> plan = action.plan(tree);
      if (plan == null) {
        return null;
      }
      return switch (plan.way()) {
        case WRITE -> lease(planner.job(version, plan, lastJob + 1, decisionId));
        case VIEW -> view(version, tree, plan);
        case CUT -> cut(version, tree, plan, whole);
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

  private @Nullable Planned view(Version version, VersionShape tree, Plan<Run> plan) {
    Action action = plan.action();
    Place place = new Place(action.level(), action.slot());
    byte[] low = tree.low(place);
    int held = tree.runs(place).size();
    return take(
        new Edit(
            action,
            JobPlanner.slots(version, plan.leased()),
            now -> planner.viewed(now, action, low, held),
            null));
  }

  private @Nullable Planned cut(
      Version version, VersionShape tree, Plan<Run> plan, SnapshotBuilder whole) {
    Action action = plan.action();
    Slot slot = version.level(action.level()).slots().get(action.slot());
    byte[] key = guardChooser.choose(version, action.level(), action.slot());
    if (key == null || slot.bytes() < GuardChooser.SLOT_BYTES_PER_KEY_BYTE * key.length) {
      Leases.SlotKey undivided = Leases.SlotKey.of(version, action.level(), action.slot());
      indivisible.put(slot, undivided);
      whole.touch(undivided);
      return null;
    }
    List<Place> divided = plan.divided(tree, tree.cuttingAt(key));
    return divided.isEmpty()
        ? null
        : take(
            new Edit(
                action,
                // The slot acted on first: it is what the edit is told by.
                JobPlanner.slots(version, divided.reversed()),
                now -> planner.cut(now, plan, key),
                key));
  }

  /** Takes the lease of an edit, which is left in {@link #unownedEdit}; null if somebody has it. */
  private @Nullable Edit take(Edit edit) {
    edits.add(edit);
    unownedEdit = edit;
    edit.held = leases.tryTake(edit.slots);
    if (edit.held) {
      return edit;
    }
    edits.remove(edit);
    unownedEdit = null;
    return null;
  }

  /** What was planned last has an owner. */
  void owned() {
    unowned = null;
    unownedEdit = null;
  }

  /** Ends what was leased and nobody has taken over, or could not give back; again does nothing. */
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
    for (int i = edits.size() - 1; i >= 0; i--) {
      if (edits.get(i).over) {
        giveBack(edits.get(i));
      }
    }
  }

  /** Gives the lease of an edit back; again does nothing. */
  void giveBack(Edit edit) {
    if (edit.held) {
      leases.giveBack(edit.slots); // first: if that is broken off, the next look does it
      edit.held = false;
    }
    edits.remove(edit);
  }

  /** Gives the lease of a job back; again does nothing. */
  void giveBack(JobPlanner.Leased leased) {
    leased.giveBack(leases);
  }

  // ---- jobs by hand

  /**
   * Leases a job outside the policy, for a manual compaction; null if another job is in the way, or
   * the action has nothing to do.
   *
   * @param action one that writes
   * @throws StorageFullException if its output would not fit on the disk (invariant I10)
   */
  @Nullable JobRun leaseManually(Version version, Action action) {
    Plan<Run> plan = action.plan(new VersionShape(version, views));
    JobPlanner.Leased planned = plan == null ? null : planner.job(version, plan, lastJob + 1, 0);
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
