package dev.atll.wal;

import dev.atll.env.FileOut;
import dev.atll.record.RecordWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A segment that the writer knows: one of an earlier process, or one it writes or wrote itself. */
final class LiveSegment {
  final long number;
  private final @Nullable FileOut out;
  private final @Nullable RecordWriter writer;
  // Changed by the appending thread under the writer's lock.
  long firstRevision;
  long lastRevision;
  long length;

  /** One that is only read and deleted from now on. */
  LiveSegment(WalSegment facts) {
    number = facts.number();
    out = null;
    writer = null;
    firstRevision = facts.firstRevision();
    lastRevision = facts.lastRevision();
    length = facts.length();
  }

  private LiveSegment(SegmentHeader header, FileOut out, RecordWriter writer) {
    number = header.segment();
    this.out = out;
    this.writer = writer;
    lastRevision = header.previousLastRevision();
    length = writer.length();
  }

  /** Writes the header into a new file; closes it when that fails. */
  static LiveSegment begin(FileOut out, SegmentHeader header) throws IOException {
    try {
      RecordWriter writer = new RecordWriter(out, header.segment());
      header.write(writer);
      return new LiveSegment(header, out, writer);
    } catch (Throwable e) {
      try {
        out.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  FileOut out() {
    assert out != null : number;
    return out;
  }

  RecordWriter writer() {
    assert writer != null : number;
    return writer;
  }

  /** Builds the record of a group, up to the point where it is appended. */
  void prepareGroup(long first, long durableRevision, CommitGroup group) {
    RecordWriter record = writer();
    record.begin(WalFormat.GROUP);
    record.putVarint(first);
    record.putVarint(first - durableRevision);
    record.putVarint(group.size());
    for (int i = 0; i < group.size(); i++) {
      record.putVarint(group.length(i));
      record.put(group.array(i), group.offset(i), group.length(i));
    }
  }

  void prepareSeal(long durableRevision) {
    RecordWriter record = writer();
    record.begin(WalFormat.SEAL);
    record.putVarint(durableRevision);
  }

  void appended(long first, long last) {
    if (firstRevision == 0) {
      firstRevision = first;
    }
    lastRevision = last;
    length = writer().length();
  }

  /** Takes a seal into the length; returns its bytes. */
  long sealed() {
    long before = length;
    length = writer().length();
    return length - before;
  }

  WalSegment facts() {
    return new WalSegment(number, firstRevision, lastRevision, length);
  }

  void closeQuietly() {
    if (out == null) {
      return;
    }
    try {
      out.close();
    } catch (Throwable e) {
      // What had to be on disk was forced before; there is nothing left to lose.
    }
  }
}
