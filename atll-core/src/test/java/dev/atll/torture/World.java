package dev.atll.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.Reader;
import dev.atll.api.Snapshot;
import dev.atll.api.StorageFullException;
import dev.atll.api.WriteRefusedException;
import dev.atll.engine.Together;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import dev.atll.write.SimulatedGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One store and all that is known about it: what it should answer, what it has promised to keep, and
 * which snapshots and cursors are open. For one thread.
 */
final class World implements AutoCloseable {
  private static final long BLOCK_READ_NANOS = 100_000;

  static final Path DIRECTORY = Path.of("/db");

  /** A snapshot and what it must show. */
  record Held(Snapshot snapshot, NavigableMap<Bytes, Model.Live> map) {}

  /** Something to read from and what it must show. */
  record Source(Reader reader, NavigableMap<Bytes, Model.Live> map, String name) {}

  final Watch watch;
  final OptionSet set;
  Model model;
  final List<Held> snapshots = new ArrayList<>();
  final List<CursorCheck> cursors = new ArrayList<>();

  /** A write of which it is not known whether it will be there after the next opening. */
  private record Doubt(long revision, List<List<Model.Change>> batches) {}

  // Several only where what failed need not end the store: then one of them at most is there.
  private final List<Doubt> doubts = new ArrayList<>();
  private @Nullable AtllDb db;
  private Options options;
  // The least retained since the oldest readable revision was asked for.
  private long leastRetained;
  // States of the model, by number. Between them is what a power cut, or a kill, may take.
  private int durableState;
  private int ackedState;
  private int intervalState;
  private long revisionMax;
  private long oldestReadable;
  private long historyFrom;
  private long lastWritten;
  private int operations;
  private boolean compacting;
  // Batches that the store may have beyond the model: they were under way and changed nothing.
  private int maybeMore;

  /** A world without a store yet: {@link #open} makes it, or finds it. */
  World(SimEnv env, OptionSet set) {
    this(new Watch(env, null), set, set.options(), new Model());
    // Where tables are read by blocks, decisions answer to a device.
    env.files().setBlockReadNanos(BLOCK_READ_NANOS);
  }

  World(Watch watch, OptionSet set, Options options, Model model) {
    this.watch = watch;
    this.set = set;
    this.options = options;
    this.leastRetained = options.retainedRevisions();
    this.model = model;
    this.durableState = model.steps();
    this.ackedState = model.steps();
    this.revisionMax = model.lastRevision();
  }

  // ---- life

  void open() {
    AtllDb opened =
        Atll.open(DIRECTORY, options, new Observer(watch.meter(), watch), watch);
    db = opened;
    oldestReadable = opened.oldestReadableRevision();
    leastRetained = options.retainedRevisions();
    Trap.without(this::settleDoubt);
  }

  /** Closes and opens, with other options if the set says so. */
  void reopen(long optionSeed) {
    close();
    options = set.reopened(optionSeed);
    // What the store before retired while it closed is not known until this one is open.
    leastRetained = Math.min(leastRetained, options.retainedRevisions());
    open();
    db().verify();
  }

  /** Closes what is open, in whichever order it was left; then all that was written is durable. */
  @Override
  public void close() {
    AtllDb closing = db;
    if (closing == null) {
      return;
    }
    snapshots.forEach(held -> held.snapshot().close());
    snapshots.clear();
    int acked = ackedState;
    db = null;
    try {
      closing.close();
    } catch (Throwable e) {
      Trap.without(this::closeCursors);
      throw e;
    }
    closeCursors();
    if (watch.isFaulty()) {
      return; // a store that has failed closes without a word, and without syncing anything
    }
    durableState = Math.max(durableState, acked);
    List<String> handles = watch.sim().files().openHandles();
    if (!handles.isEmpty()) {
      throw new AssertionError("left open by close(): " + handles);
    }
    watch.check();
  }

  /** A cursor left open finds the store closed, and may still be closed itself. */
  void closeCursors() {
    cursors.forEach(CursorCheck::close);
    cursors.clear();
  }

  /** Whether an operation that compacts by hand is under way. */
  boolean isCompacting() {
    return compacting;
  }

  boolean isOpen() {
    return db != null;
  }

  AtllDb db() {
    AtllDb open = db;
    if (open == null) {
      throw new AssertionError("the store is closed");
    }
    return open;
  }

  Options options() {
    return options;
  }

  /** Runs one operation, and what the option set asks for after it. */
  void run(Op op) {
    watch.check();
    compacting = op instanceof StoreOps.Compact;
    try {
      op.run(this);
    } finally {
      compacting = false;
    }
    checkReadable();
    operations++;
    if (set.compactEvery() > 0 && operations % set.compactEvery() == 0) {
      new StoreOps.Compact(Range.ALL).run(this);
    }
    if (set.reopenEvery() > 0 && operations % set.reopenEvery() == 0) {
      reopen(operations);
    }
    watch.check();
  }

  /** What every history ends with: everything as it should be, in both directions, and closed. */
  void finish() {
    checkAll();
    new StoreOps.Settle().run(this);
    checkAll();
    reopen(operations);
    checkAll();
    db().verify();
    close();
  }

  void checkAll() {
    NavigableMap<Bytes, Model.Live> live = model.at(model.steps());
    CursorCheck.scan(db().cursor(Range.ALL.forStore()), live, false, "all");
    CursorCheck.scan(db().cursor(Range.ALL.forStore()), live, true, "all, backwards");
    for (Held held : snapshots) {
      CursorCheck.scan(
          held.snapshot().cursor(Range.ALL.forStore()), held.map(), false, held.snapshot() + "");
    }
  }

  // ---- writing

  /**
   * Writes a batch to model and store. The model has it from the moment it is on its way: a crash
   * may leave it or not.
   */
  void write(
      List<Model.Change> changes,
      @Nullable Durability durability,
      ToLongFunction<AtllDb> call) {
    AtllDb store = db();
    long visible = store.visibleRevision();
    if (changes.isEmpty()) {
      expectEqual("revision of an empty batch", visible, call.applyAsLong(store));
      return;
    }
    long next = visible + 1;
    if (next <= revisionMax) {
      throw new AssertionError("revision " + next + " was handed out before: " + revisionMax);
    }
    model.apply(next, changes);
    long revision;
    try {
      revision = call.applyAsLong(store);
    } catch (Throwable e) {
      if (e instanceof AtllException || e instanceof OutOfMemoryError || Trap.isBehind(e)) {
        refused(store, next, List.of(changes), e);
      }
      throw e;
    }
    if (!doubts.isEmpty() && !Trap.isSet()) {
      throw new AssertionError("a write went through after one had failed");
    }
    doubts.clear(); // what was refused by a store that goes on is gone
    expectEqual("revision of a write", next, revision);
    // Background work may run before the call returns, but only one caller writes.
    expectEqual("visible revision", next, store.visibleRevision());
    acknowledged(next, durability);
  }

  private void acknowledged(long revision, @Nullable Durability durability) {
    revisionMax = revision;
    lastWritten = revision;
    ackedState = model.stateAt(revision);
    Durability actual = actual(durability);
    if (actual == Durability.SYNC) {
      durableState = ackedState;
      if (db().durableRevision() < revision) {
        throw new AssertionError(
            "revision %d was to be synced, durable is %d"
                .formatted(revision, db().durableRevision()));
      }
    }
    if (actual != Durability.OS) {
      intervalState = ackedState;
    }
  }

  /** Writes batches that meet in one commit group, as if each came from a thread of its own. */
  void writeTogether(List<WriteOps.Batch> batches) {
    AtllDb store = db();
    long first = store.visibleRevision() + 1;
    if (first <= revisionMax) {
      throw new AssertionError("revision " + first + " was handed out before: " + revisionMax);
    }
    List<List<Model.Change>> changes = batches.stream().map(WriteOps.Batch::changes).toList();
    List<SimulatedGroup.Member> members =
        batches.stream()
            .map(b -> new SimulatedGroup.Member(b.encoded(), actual(b.durability())))
            .toList();
    apply(first, changes);
    List<SimulatedGroup.Answer> answers;
    try {
      answers = Together.write(store, members);
    } catch (Throwable e) {
      if (e instanceof AtllException || e instanceof OutOfMemoryError || Trap.isBehind(e)) {
        refused(store, first, changes, e);
      }
      throw e;
    }
    RuntimeException failure = null;
    for (SimulatedGroup.Answer answer : answers) {
      failure = failure == null ? answer.failure() : failure;
    }
    if (failure != null && answers.stream().allMatch(a -> a.failure() != null)) {
      refused(store, first, changes, failure);
      throw failure;
    }
    if (!doubts.isEmpty() && !Trap.isSet()) {
      throw new AssertionError("a write went through after one had failed");
    }
    doubts.clear();
    answered(store, first, batches, answers);
    if (failure != null) {
      throw failure;
    }
  }

  /** Those that a full disk let through have the revisions in their order, and nobody else has. */
  private void answered(
      AtllDb store,
      long first,
      List<WriteOps.Batch> batches,
      List<SimulatedGroup.Answer> answers) {
    batches.forEach(batch -> model.undo());
    long next = first;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).failure() == null) {
        expectEqual("revision of a write in a group", next, answers.get(i).revision());
        model.apply(next++, batches.get(i).changes());
      }
    }
    expectEqual("visible revision", next - 1, store.visibleRevision());
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).failure() == null) {
        acknowledged(answers.get(i).revision(), batches.get(i).durability());
      }
    }
  }

  private Durability actual(@Nullable Durability durability) {
    return durability == null ? options.durability() : durability;
  }

  private void apply(long first, List<List<Model.Change>> batches) {
    for (int i = 0; i < batches.size(); i++) {
      model.apply(first + i, batches.get(i));
    }
  }

  /** A write failed: it is not visible, but it may turn up when the store is opened again. */
  private void refused(
      AtllDb store, long revision, List<List<Model.Change>> batches, Throwable failure) {
    if (store.visibleRevision() >= revision) {
      throw new AssertionError("a write failed and is visible", failure);
    }
    batches.forEach(batch -> model.undo());
    // Some failures refuse for certain. After the first failure of another kind nothing gets through.
    boolean certain =
        failure instanceof StorageFullException || failure instanceof WriteRefusedException;
    if (!certain && (doubts.isEmpty() || Trap.isSet())) {
      doubts.add(new Doubt(revision, batches));
    }
  }

  /**
   * Does something, such as a crash, with what is in doubt in the model as if on its way; not at all
   * where it could be one of several.
   */
  void inDoubt(Runnable action) {
    if (doubts.isEmpty()) {
      action.run();
    } else if (doubts.size() == 1) {
      Doubt open = doubts.getFirst();
      apply(open.revision(), open.batches());
      action.run();
      open.batches().forEach(batch -> model.undo());
    }
  }

  /** After an opening: finds out whether a write in doubt is there. */
  private void settleDoubt() {
    if (doubts.isEmpty()) {
      return;
    }
    List<Doubt> open = List.copyOf(doubts);
    doubts.clear();
    maybeMore += open.size();
    long digest = digest();
    if (model.find(digest, model.steps(), model.steps()) >= 0) {
      return;
    }
    for (Doubt doubt : open) {
      apply(doubt.revision(), doubt.batches());
      if (model.find(digest, model.steps(), model.steps()) >= 0) {
        revisionMax = model.lastRevision();
        ackedState = model.steps();
        return;
      }
      doubt.batches().forEach(batch -> model.undo());
    }
    throw new AssertionError("opened again after a failure, the store holds something else");
  }

  /** Digest of all that the store shows. */
  long digest() {
    long digest = 0;
    try (Cursor cursor = db().cursor(Range.ALL.forStore())) {
      while (cursor.next()) {
        digest +=
            Model.digest(
                Bytes.of(cursor.keyBytes()), Bytes.of(cursor.valueBytes()), cursor.revision());
      }
    }
    return digest;
  }

  /** All that was acknowledged is durable now, and the store should know it. */
  void madeDurable() {
    if (db().durableRevision() < lastWritten) {
      throw new AssertionError(
          "durable revision %d after %d was synced"
              .formatted(db().durableRevision(), lastWritten));
    }
    durableState = ackedState;
  }

  /** So much time has passed that the interval of every write is over. */
  void intervalOver() {
    if (watch.isFaulty()) {
      return; // a store that has failed syncs no more
    }
    durableState = Math.max(durableState, intervalState);
  }

  // ---- what has been promised

  /** The state of the model that a power cut must leave at least. */
  int durableState() {
    AtllDb open = db;
    if (open != null) {
      // The store's own word counts at every moment.
      durableState = Math.max(durableState, model.stateAt(open.durableRevision()));
    }
    return durableState;
  }

  /** The state of the model that the end of the process must leave at least. */
  int ackedState() {
    return ackedState;
  }

  /**
   * Takes over from a world that crashed, once its store is recovered.
   *
   * @param found what the store was found to hold
   * @param durable the state of it that is on the device for certain
   * @param from below this revision it is unknown what was lost
   * @param before the world that crashed
   * @param retainedSince how many revisions all openings since then were told to retain, at least
   */
  void succeed(Model found, int durable, long from, World before, long retainedSince) {
    model = found;
    historyFrom = Math.max(from, before.historyFrom);
    durableState = durable;
    intervalState = durable;
    ackedState = found.steps();
    revisionMax = Math.max(found.lastRevision(), before.revisionMax);
    maybeMore = before.maybeMore + 1;
    // What the world before had to keep readable is not retired by its end.
    long retained = Math.min(before.leastRetained, retainedSince);
    long allowed =
        Math.max(before.oldestReadable, before.model.revision(before.oldestRetained(retained)));
    allowed = Math.max(allowed, mostReadableFrom(retained));
    if (oldestReadable > allowed) {
      throw new AssertionError(
          "oldest readable revision %d after a stop, was at most %d; %d are retained below %d"
              .formatted(oldestReadable, allowed, retained, found.lastRevision()));
    }
  }

  /** The oldest state of the model that retention must keep. */
  private int oldestRetained(long retained) {
    int steps = model.steps();
    return Math.clamp(steps - retained + maybeMore, 0, steps);
  }

  /**
   * The highest revision that may be the oldest readable one. Writes in doubt that change nothing,
   * such as deletions of absent keys, do not show in what was found after a stop: where fewer
   * revisions are retained than such writes may be there, the oldest may be one of them.
   */
  private long mostReadableFrom(long retained) {
    AtllDb open = db;
    long known = model.revision(oldestRetained(retained));
    return retained < maybeMore && open != null ? Math.max(known, open.visibleRevision()) : known;
  }

  /** Past revisions below this may differ from the model: states that looked alike were lost. */
  long historyFrom() {
    return historyFrom;
  }

  private void checkReadable() {
    AtllDb open = db;
    if (open == null) {
      return;
    }
    long oldest = open.oldestReadableRevision();
    // Revisions that batches have are retained, not numbers: an unclean stop skips some.
    long allowed = Math.max(oldestReadable, mostReadableFrom(options.retainedRevisions()));
    if (oldest < oldestReadable || oldest > Math.max(0, allowed)) {
      throw new AssertionError(
          "oldest readable revision %d, was %d; %d are retained below %d"
              .formatted(
                  oldest, oldestReadable, options.retainedRevisions(), open.visibleRevision()));
    }
    oldestReadable = oldest;
  }

  // ---- reading

  /** What a number names: an open snapshot, or else the store itself. */
  Source source(int number) {
    if (number > 0 && !snapshots.isEmpty()) {
      Held held = snapshots.get(number % snapshots.size());
      return new Source(
          held.snapshot(), held.map(), "snapshot of " + held.snapshot().revision());
    }
    return new Source(db(), model.live(), "store");
  }

  static void expectEqual(String what, @Nullable Object expected, @Nullable Object actual) {
    if (!java.util.Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": expected " + expected + ", got " + actual);
    }
  }
}
