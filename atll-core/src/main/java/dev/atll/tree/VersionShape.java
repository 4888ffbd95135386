package dev.atll.tree;

import dev.atll.base.Keys;
import dev.atll.kernel.Change;
import dev.atll.kernel.Outcome;
import dev.atll.kernel.Place;
import dev.atll.kernel.Shape;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version as the kernel sees it, and the keys, ids and views that belong to what the kernel says of
 * it. For one thread.
 */
public final class VersionShape implements Shape<Run> {
  private final Version version;
  private final RunViews views;

  /** Sees a version; whether runs show anything is asked of their tables. */
  public VersionShape(Version version, RunViews views) {
    this.version = version;
    this.views = views;
  }

  @Override
  public int levelCount() {
    return version.levelCount();
  }

  @Override
  public int slotCount(int level) {
    return guards(level).slotCount();
  }

  @Override
  public List<Run> runs(Place place) {
    return place.level() == 0
        ? version.levelZero()
        : version.level(place.level()).slots().get(place.slot()).runs();
  }

  @Override
  public int firstChild(int level, int slot) {
    return guards(level + 1).slotOf(guards(level).low(slot));
  }

  @Override
  public int lastChild(int level, int slot) {
    return guards(level + 1).lastSlotBelow(guards(level).high(slot));
  }

  @Override
  public boolean isGuardAbove(Place place) {
    return place.level() > 1 && guards(place.level() - 1).contains(low(place));
  }

  @Override
  public boolean shows(Run run, Place place) {
    byte[] low = low(place);
    byte[] high = high(place);
    return run.overlaps(low, high) && views.showsAny(run, low, high);
  }

  /** First key of a slot; not to be written to. */
  public byte[] low(Place place) {
    return guards(place.level()).low(place.slot());
  }

  /** First key after a slot, or null for no bound; not to be written to. */
  public byte @Nullable [] high(Place place) {
    return guards(place.level()).high(place.slot());
  }

  private Guards guards(int level) {
    return version.level(level).guards();
  }

  /** Makes views of runs that go to other slots. */
  public Outcome<Run> viewing() {
    return new Outcome<>() {
      @Override
      public @Nullable Run view(Run run, Place place) {
        return views.clip(run, low(place), high(place));
      }
    };
  }

  /** Cuts slots at a key; runs that it divides become two views. */
  public Outcome<Run> cuttingAt(byte[] key) {
    return new Outcome<>() {
      @Override
      public int divided(int level) {
        return guards(level).contains(key) ? -1 : guards(level).slotOf(key);
      }

      @Override
      public @Nullable Run half(Run run, Place divided, boolean left) {
        byte[] high = run.high();
        boolean isLeft = Keys.compare(run.low(), key) < 0;
        boolean isRight = high == null || Keys.compare(key, high) < 0;
        if (isLeft && isRight) {
          return left
              ? views.clip(run, low(divided), key)
              : views.clip(run, key, high(divided));
        }
        return left == isLeft ? run : null;
      }
    };
  }

  /**
   * The edit that makes a change of this version.
   *
   * @param guard the key at which slots are cut; null if none is
   */
  public VersionEdit edit(Change<Run> change, byte @Nullable [] guard) {
    VersionEdit edit = new VersionEdit();
    for (Change.Divided<Run> slot : change.divided()) {
      int level = slot.place().level();
      if (guard != null) {
        edit.addedGuards.add(new LevelGuard(level, guard));
      }
      for (Run run : slot.before()) {
        if (!slot.left().contains(run) && !slot.right().contains(run)) {
          edit.removedRuns.add(new LevelRunId(level, run.id()));
        }
      }
      add(edit, level, slot.left(), slot.before());
      add(edit, level, slot.right(), slot.before());
    }
    for (Change.Touched<Run> slot : change.touched()) {
      int level = slot.place().level();
      slot.gone().forEach(run -> edit.removedRuns.add(new LevelRunId(level, run.id())));
      add(edit, level, slot.after(), slot.before());
    }
    Place joined = change.joined();
    if (joined != null) {
      byte[] between = low(new Place(joined.level(), joined.slot() + 1));
      edit.removedGuards.add(new LevelGuard(joined.level(), between));
    }
    return edit;
  }

  private static void add(VersionEdit edit, int level, List<Run> after, List<Run> before) {
    for (Run run : after) {
      if (!before.contains(run)) {
        edit.addedRuns.add(new LevelRun(level, run));
      }
    }
  }
}
