package dev.atll.wal;

import dev.atll.env.Storage;
import dev.atll.record.RecordReader.Outcome;
import dev.atll.record.RecordWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the records that recovery read, but that nothing proves to be on disk, into a new segment.
 * It gets its name only when it is whole and forced, so that a crash at any moment leaves either the
 * old segments or all of this one.
 */
final class CarryOver {
  private final Storage storage;
  private final long storeId;
  private final RecoveredLog recovered;
  private final long durableRevision;
  private final List<WalSegment> before = new ArrayList<>();

  CarryOver(Storage storage, long storeId, RecoveredLog recovered, long durableRevision) {
    this.storage = storage;
    this.storeId = storeId;
    this.recovered = recovered;
    this.durableRevision = durableRevision;
  }

  boolean isNeeded() {
    return recovered.lastRevision() > durableRevision;
  }

  /** The old segments that still count, the last one perhaps shortened. */
  List<WalSegment> before() {
    return before;
  }

  /** Writes, forces and names the segment; the name is not yet durable. */
  WalSegment write(long number) throws IOException {
    before.clear();
    List<WalSegment> old = recovered.segments();
    int at = 0;
    while (old.get(at).lastRevision() <= durableRevision) {
      before.add(old.get(at++));
    }
    LiveSegment target = null;
    try {
      for (int i = at; i < old.size(); i++) {
        WalSegment segment = old.get(i);
        try (SegmentReader reader = new SegmentReader(storage, segment.number(), segment.length())) {
          SegmentHeader header = reader.header(storeId);
          if (header == null) {
            throw reader.corruption("the log changed since recovery");
          }
          if (target == null) {
            target = create(number, reader, segment, header);
          }
          copy(reader, segment, target);
        }
      }
      assert target != null;
      target.out().sync();
    } finally {
      if (target != null) {
        target.closeQuietly();
      }
    }
    storage.rename(WalFiles.temporaryName(number), WalFiles.name(number));
    return target.facts();
  }

  /** Skips what is proven, then begins the new segment, which continues the old one from there. */
  private LiveSegment create(
      long number, SegmentReader reader, WalSegment segment, SegmentHeader header)
      throws IOException {
    long last = header.previousLastRevision();
    long first = 0;
    long cut = reader.nextOffset();
    while (reader.next() == Outcome.RECORD && reader.lastRevision() <= durableRevision) {
      if (reader.isGroup()) {
        last = reader.lastRevision();
        first = first == 0 ? reader.firstRevision() : first;
      }
      cut = reader.nextOffset();
    }
    reader.position(cut);
    before.add(new WalSegment(segment.number(), first, last, cut));
    SegmentHeader next =
        new SegmentHeader(storeId, number, segment.number(), cut, last, durableRevision);
    return LiveSegment.begin(storage.create(WalFiles.temporaryName(number)), next);
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
}
