package dev.atll.version;

import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything a version or an edit says, as text: equal texts mean equal content. */
public final class VersionText {
  private VersionText() {}

  public static String of(Version v) {
    StringBuilder out = new StringBuilder();
    out.append(numbers(v)).append(shape(v));
    return out.toString();
  }

  public static String numbers(Version v) {
    return "next %d reserved %d flushed %d segment %d floor %d gaps %s%n"
        .formatted(
            v.nextNumber(),
            v.reservedRevision(),
            v.flushedRevision(),
            v.firstLogSegment(),
            v.retainedFloor(),
            v.gaps());
  }

  /** All but the numbers. */
  public static String shape(Version v) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(v.files()).values().forEach(f -> out.append(f).append('\n'));
    v.levelZero().forEach(r -> out.append("L0 ").append(run(r)).append('\n'));
    for (int level = 1; level <= v.levelCount(); level++) {
      Level l = v.level(level);
      for (int s = 0; s < l.slots().size(); s++) {
        out.append("L%d [%s, %s)%n".formatted(level, hex(l.guards().low(s)), hex(l.guards().high(s))));
        l.slots().get(s).runs().forEach(r -> out.append("  ").append(run(r)).append('\n'));
      }
    }
    return out.toString();
  }

  public static String of(VersionEdit e) {
    StringBuilder out = new StringBuilder();
    out.append(
        "next %d reserved %d flushed %d segment %d floor %d gaps %s%n"
            .formatted(
                e.nextNumber, e.reservedRevision, e.flushedRevision, e.firstLogSegment,
                e.retainedFloor, e.gaps));
    e.addedFiles.forEach(f -> out.append("+ ").append(f).append('\n'));
    e.removedGuards.forEach(g -> out.append("- L%d %s%n".formatted(g.level(), hex(g.key()))));
    e.addedGuards.forEach(g -> out.append("+ L%d %s%n".formatted(g.level(), hex(g.key()))));
    e.removedRuns.forEach(r -> out.append("- ").append(r).append('\n'));
    e.addedRuns.forEach(r -> out.append("+ L%d %s%n".formatted(r.level(), run(r.run()))));
    return out.toString();
  }

  private static String run(Run r) {
    return "%d of %d [%s, %s) rev %d-%d n %d t %d b %d o %d deletions since %d burden %d %d %d %d %d"
        .formatted(
            r.id(),
            r.fileNumber(),
            hex(r.low()),
            hex(r.high()),
            r.minRevision(),
            r.maxRevision(),
            r.entries(),
            r.tombstones(),
            r.bytes(),
            r.overwritePermille(),
            r.deletionsSinceMillis(),
            r.burden().probes(),
            r.burden().missProbes(),
            r.burden().falsePositives(),
            r.burden().missFalsePositives(),
            r.burden().seeks());
  }

  private static String hex(byte @Nullable [] key) {
    return key == null ? "end" : HexFormat.of().formatHex(key);
  }
}
