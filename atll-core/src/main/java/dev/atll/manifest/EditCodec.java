package dev.atll.manifest;

import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.Keys;
import dev.atll.version.Burden;
import dev.atll.version.Level;
import dev.atll.version.RevisionGaps;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.Slot;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An edit as bytes: a sequence of tagged items. Pure. */
final class EditCodec {
  private EditCodec() {}

  static byte[] encode(VersionEdit edit) {
    PayloadOut out = new PayloadOut();
    value(out, ManifestFormat.NEXT_NUMBER, edit.nextNumber);
    value(out, ManifestFormat.RESERVED_REVISION, edit.reservedRevision);
    value(out, ManifestFormat.FLUSHED_REVISION, edit.flushedRevision);
    value(out, ManifestFormat.FIRST_LOG_SEGMENT, edit.firstLogSegment);
    value(out, ManifestFormat.RETAINED_FLOOR, edit.retainedFloor);
    for (int i = 0; i < edit.gaps.count(); i++) {
      out.u8(ManifestFormat.REVISION_GAP);
      out.number(edit.gaps.before(i));
      out.number(edit.gaps.last(i));
    }
    for (TableFile file : edit.addedFiles) {
      out.u8(ManifestFormat.ADDED_FILE);
      out.number(file.number());
      out.number(file.bytes());
      out.number(file.entries());
      out.number(file.tombstones());
      out.number(file.dataBytes());
    }
    KeyTable keys = KeyTable.of(edit);
    if (keys != null) {
      out.u8(ManifestFormat.KEYS);
      keys.write(out);
    }
    for (LevelGuard guard : edit.removedGuards) {
      guard(out, keys, ManifestFormat.REMOVED_GUARD, ManifestFormat.REMOVED_GUARD_BY_PLACE, guard);
    }
    for (LevelGuard guard : edit.addedGuards) {
      guard(out, keys, ManifestFormat.ADDED_GUARD, ManifestFormat.ADDED_GUARD_BY_PLACE, guard);
    }
    for (LevelRunId removed : edit.removedRuns) {
      out.u8(ManifestFormat.REMOVED_RUN);
      out.number(removed.level());
      out.number(removed.runId());
    }
    for (LevelRun added : edit.addedRuns) {
      out.u8(keys == null ? ManifestFormat.ADDED_RUN : ManifestFormat.ADDED_RUN_BY_PLACE);
      out.number(added.level());
      run(out, keys, added.run());
    }
    return out.toBytes();
  }

  private static void value(PayloadOut out, int tag, long value) {
    if (value != 0) {
      out.u8(tag);
      out.number(value);
    }
  }

  private static void guard(
      PayloadOut out, @Nullable KeyTable keys, int tag, int tagByPlace, LevelGuard guard) {
    out.u8(keys == null ? tag : tagByPlace);
    out.number(guard.level());
    if (keys == null) {
      out.key(guard.key());
    } else {
      out.number(keys.placeOf(guard.key()));
    }
  }

  private static void run(PayloadOut out, @Nullable KeyTable keys, Run run) {
    out.number(run.id());
    out.number(run.fileNumber());
    byte[] high = run.high();
    if (keys == null) {
      out.key(run.low());
      out.bound(high);
    } else {
      out.number(keys.placeOf(run.low()));
      out.number(high == null ? 0 : 1L + keys.placeOf(high));
    }
    out.number(run.minRevision());
    out.number(run.maxRevision());
    out.number(run.entries());
    out.number(run.tombstones());
    out.number(run.bytes());
    out.number(run.overwritePermille());
    out.number(run.deletionsSinceMillis());
    // What readers paid so far: advisory, but without it a store that is reopened often would never
    // gather enough to act on.
    out.number(run.burden().probes());
    out.number(run.burden().missProbes());
    out.number(run.burden().falsePositives());
    out.number(run.burden().missFalsePositives());
    out.number(run.burden().seeks());
  }

  /**
   * Reads an edit.
   *
   * @throws dev.atll.api.CorruptionException if the bytes are none
   * @throws UnsupportedFormatException if an item is unknown: a newer version wrote it
   */
  static VersionEdit decode(byte[] payload, String file, long recordOffset) {
    return decode(payload, file, recordOffset, new KeyPool());
  }

  /** As {@link #decode(byte[], String, long)}, with one array for a key that comes again. */
  static VersionEdit decode(byte[] payload, String file, long recordOffset, KeyPool pool) {
    PayloadIn in = new PayloadIn(payload, file, recordOffset, pool);
    byte[][] keys = {};
    VersionEdit edit = new VersionEdit();
    while (in.hasMore()) {
      int tag = in.u8("tag");
      switch (tag) {
        case ManifestFormat.NEXT_NUMBER -> edit.nextNumber = in.number("next number");
        case ManifestFormat.RESERVED_REVISION ->
            edit.reservedRevision = in.number("reserved revision");
        case ManifestFormat.FLUSHED_REVISION -> edit.flushedRevision = in.number("flushed revision");
        case ManifestFormat.FIRST_LOG_SEGMENT ->
            edit.firstLogSegment = in.number("first log segment");
        case ManifestFormat.RETAINED_FLOOR -> edit.retainedFloor = in.number("retained floor");
        case ManifestFormat.REVISION_GAP -> edit.gaps = gap(edit.gaps, in);
        case ManifestFormat.ADDED_FILE -> edit.addedFiles.add(file(in));
        case ManifestFormat.KEYS -> {
          if (keys.length > 0) {
            throw in.bad("second table of keys");
          }
          keys = KeyTable.read(in);
        }
        case ManifestFormat.REMOVED_GUARD -> edit.removedGuards.add(guard(in, null));
        case ManifestFormat.ADDED_GUARD -> edit.addedGuards.add(guard(in, null));
        case ManifestFormat.REMOVED_GUARD_BY_PLACE -> edit.removedGuards.add(guard(in, keys));
        case ManifestFormat.ADDED_GUARD_BY_PLACE -> edit.addedGuards.add(guard(in, keys));
        case ManifestFormat.REMOVED_RUN ->
            edit.removedRuns.add(new LevelRunId(level(in), in.number("run id")));
        case ManifestFormat.ADDED_RUN ->
            edit.addedRuns.add(new LevelRun(level(in), run(in, null)));
        case ManifestFormat.ADDED_RUN_BY_PLACE ->
            edit.addedRuns.add(new LevelRun(level(in), run(in, keys)));
        default ->
            throw new UnsupportedFormatException(
                String.format(
                    Locale.ROOT,
                    "%s has an item of kind %d at offset %d, which a newer version wrote; open the store with that version",
                    file, tag, recordOffset));
      }
    }
    return edit;
  }

  private static RevisionGaps gap(RevisionGaps before, PayloadIn in) {
    long from = in.number("revision before a gap");
    long last = in.number("last revision of a gap");
    if (last <= from) {
      throw in.bad(String.format(Locale.ROOT, "gap of revisions from %d to %d", from, last));
    }
    return before.plus(from, last);
  }

  private static int level(PayloadIn in) {
    long level = in.number("level");
    if (level > ManifestFormat.LEVELS_MAX) {
      throw in.bad("level " + level);
    }
    return (int) level;
  }

  private static TableFile file(PayloadIn in) {
    return new TableFile(
        in.number("table number"),
        in.number("table bytes"),
        in.number("table entries"),
        in.number("table tombstones"),
        in.number("table data bytes"));
  }

  /** The key at the place that comes next. */
  private static byte[] key(PayloadIn in, long place, byte[][] keys) {
    if (place >= keys.length) {
      throw in.bad("no key " + place + " of " + keys.length);
    }
    return keys[(int) place];
  }

  private static LevelGuard guard(PayloadIn in, byte @Nullable [][] keys) {
    int level = level(in);
    byte[] key = keys == null ? in.key("guard") : key(in, in.number("guard"), keys);
    if (level == 0 || key.length == 0) {
      throw in.bad("no guard can be there");
    }
    return new LevelGuard(level, key);
  }

  private static Run run(PayloadIn in, byte @Nullable [][] keys) {
    long id = in.number("run id");
    long fileNumber = in.number("table of run");
    byte[] low;
    byte[] high;
    if (keys == null) {
      low = in.key("low bound");
      high = in.bound("high bound");
    } else {
      low = key(in, in.number("low bound"), keys);
      long place = in.number("high bound");
      high = place == 0 ? null : key(in, place - 1, keys);
    }
    if (high != null && Keys.compare(low, high) >= 0) {
      throw in.bad("empty bounds of run " + id);
    }
    long minRevision = in.number("lowest revision");
    long maxRevision = in.number("highest revision");
    if (minRevision > maxRevision) {
      throw in.bad(
          String.format(Locale.ROOT, "revisions %d to %d of run %d", minRevision, maxRevision, id));
    }
    long entries = in.number("entries");
    long tombstones = in.number("tombstones");
    long bytes = in.number("bytes");
    long overwritePermille = in.number("overwrites");
    if (overwritePermille > 1000) {
      throw in.bad("overwrites of run " + id);
    }
    long deletionsSinceMillis = in.number("time of the oldest deletion");
    Burden burden =
        new Burden(
            in.number("probes"),
            in.number("probes of misses"),
            in.number("false positives"),
            in.number("false positives of misses"),
            in.number("seeks"));
    return new Run(
        id,
        fileNumber,
        low,
        high,
        new RunFigures(
            minRevision,
            maxRevision,
            entries,
            tombstones,
            bytes,
            (int) overwritePermille,
            deletionsSinceMillis),
        burden);
  }

  /** One edit that makes this version out of an empty one with as many levels. */
  static VersionEdit snapshot(Version version) {
    VersionEdit edit = new VersionEdit();
    edit.nextNumber = version.nextNumber();
    edit.reservedRevision = version.reservedRevision();
    edit.flushedRevision = version.flushedRevision();
    edit.firstLogSegment = version.firstLogSegment();
    edit.retainedFloor = version.retainedFloor();
    edit.gaps = version.gaps();
    edit.addedFiles.addAll(version.files().values());
    // The map has no order; the same version shall make the same bytes.
    edit.addedFiles.sort(Comparator.comparingLong(TableFile::number));
    for (Run run : version.levelZero()) {
      edit.addedRuns.add(new LevelRun(0, run));
    }
    for (int level = 1; level <= version.levelCount(); level++) {
      Level l = version.level(level);
      for (byte[] key : l.guards().keys()) {
        edit.addedGuards.add(new LevelGuard(level, key));
      }
      for (Slot slot : l.slots()) {
        for (Run run : slot.runs()) {
          edit.addedRuns.add(new LevelRun(level, run));
        }
      }
    }
    return edit;
  }
}
