package dev.atll.wal;

import dev.atll.env.Storage;
import dev.atll.record.RecordReader.Outcome;
import dev.atll.record.RecordWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parts a recovered log in what is surely on disk, which stays, and the rest, which is written again
 * into a new segment. That gets its name only when it is whole and forced, so that a crash at any
 * moment leaves either the old segments or all of the new one.
 *
 * <p>A segment stays if it, or one behind it, holds a group that is proven to be on disk, for then
 * its header and its name were forced too; another one may vanish, so nothing may continue it.
 */
final class CarryOver {
  private final Storage storage;
  private final long storeId;
  private final List<WalSegment> old;
  private final long provenRevision;
  private final List<WalSegment> kept = new ArrayList<>();
  private final List<WalSegment> pending = new ArrayList<>();
  private WalSegment tail = NOTHING;
  private int firstUnproven;
  private long firstUnprovenOffset;

  /** What the first segment of a store continues. */
  static final WalSegment NOTHING = new WalSegment(0, 0, 0, 0);

  private CarryOver(Storage storage, long storeId, List<WalSegment> old, long provenRevision) {
    this.storage = storage;
    this.storeId = storeId;
    this.old = old;
    this.provenRevision = provenRevision;
  }

  /** Finds the boundary; writes nothing. */
  static CarryOver plan(
      Storage storage, long storeId, List<WalSegment> old, long provenRevision)
      throws IOException {
    CarryOver plan = new CarryOver(storage, storeId, old, provenRevision);
    plan.findBoundary();
    return plan;
  }

  /** The old segments that stay, the last one perhaps shortened. */
  List<WalSegment> kept() {
    return kept;
  }

  /** What the next segment continues: the last one kept, or what came before all of them. */
  WalSegment tail() {
    return tail;
  }

  /** Whether there is something to write again. */
  boolean isNeeded() {
    return firstUnproven < old.size();
  }

  private void findBoundary() throws IOException {
    if (!old.isEmpty()) {
      try (SegmentReader reader = open(old.getFirst())) {
        SegmentHeader first = header(reader);
        tail =
            new WalSegment(
                first.previousSegment(), 0, first.previousLastRevision(), first.previousLength());
      }
    }
    while (firstUnproven < old.size()
        && old.get(firstUnproven).lastRevision() <= provenRevision) {
      keep(old.get(firstUnproven++));
    }
    if (!isNeeded()) {
      return;
    }
    WalSegment boundary = old.get(firstUnproven);
    try (SegmentReader reader = open(boundary)) {
      header(reader);
      firstUnprovenOffset = reader.nextOffset();
      long last = 0;
      while (reader.next() == Outcome.RECORD && reader.lastRevision() <= provenRevision) {
        if (reader.isGroup()) {
          last = reader.lastRevision();
          firstUnprovenOffset = reader.nextOffset();
        }
      }
      long first = last == 0 ? 0 : boundary.firstRevision();
      keep(new WalSegment(boundary.number(), first, last, firstUnprovenOffset));
    }
  }

  private void keep(WalSegment segment) {
    pending.add(segment);
    if (segment.firstRevision() != 0) {
      kept.addAll(pending);
      pending.clear();
      tail = segment;
    }
  }

  /** Writes, forces and names the new segment; the name is not yet durable. */
  WalSegment write(long number) throws IOException {
    // The header must not claim what the segment itself holds: the bytes are on disk before the
    // rename, but the new name is not, and the end of the process in between would leave a claim.
    SegmentHeader header =
        new SegmentHeader(
            storeId, number, tail.number(), tail.length(), tail.lastRevision(), provenRevision);
    LiveSegment target =
        LiveSegment.begin(storage.create(WalFiles.temporaryName(number)), header);
    try {
      for (int i = firstUnproven; i < old.size(); i++) {
        try (SegmentReader reader = open(old.get(i))) {
          header(reader);
          if (i == firstUnproven) {
            reader.position(firstUnprovenOffset);
          }
          copy(reader, old.get(i), target);
        }
      }
      target.out().sync();
    } finally {
      target.closeQuietly();
    }
    storage.rename(WalFiles.temporaryName(number), WalFiles.name(number));
    return target.facts();
  }

  private static void copy(SegmentReader reader, WalSegment segment, LiveSegment target)
      throws IOException {
    Outcome outcome = reader.next();
    for (; outcome == Outcome.RECORD; outcome = reader.next()) {
      if (reader.isGroup()) {
        // As it was: what it says about the disk was true then, and is true now.
        RecordWriter writer = target.writer();
        writer.begin(WalFormat.GROUP);
        writer.put(reader.payload(), reader.payloadOffset(), reader.payloadLength());
        writer.end();
        target.appended(reader.firstRevision(), reader.lastRevision());
      }
    }
    if (outcome == Outcome.BAD || reader.offset() != segment.length()) {
      throw reader.corruption("the log changed since recovery");
    }
  }

  private SegmentReader open(WalSegment segment) throws IOException {
    return new SegmentReader(storage, segment.number(), segment.length());
  }

  private SegmentHeader header(SegmentReader reader) {
    @Nullable SegmentHeader header = reader.header(storeId);
    if (header == null) {
      throw reader.corruption("the log changed since recovery");
    }
    return header;
  }
}
