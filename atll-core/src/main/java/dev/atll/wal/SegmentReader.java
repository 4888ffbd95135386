package dev.atll.wal;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.env.FileIn;
import dev.atll.env.Storage;
import dev.atll.record.BatchEntries;
import dev.atll.record.RecordReader;
import dev.atll.record.RecordReader.Outcome;
import dev.atll.record.Varint;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment and takes its records apart. A commit group's payload:
 *
 * <pre>
 *   varint  firstRevision
 *   varint  firstRevision - durableRevision, at least 1
 *   varint  batches, at least 1; batch i has revision firstRevision + i
 *   per batch: varint length, then the encoded changes
 * </pre>
 *
 * and a seal's is {@code varint durableRevision}. A record with a right checksum and an impossible
 * content, and a region that cannot be read, are corruption; a record that is not whole is for the
 * caller to judge.
 */
final class SegmentReader implements AutoCloseable {
  private final String file;
  private final long number;
  private final FileIn in;
  private final RecordReader records;
  private final long limit;

  private long firstRevision;
  private long lastRevision;
  private long durableRevision;
  private int batchesAt;
  private int batchLimit;

  /** Opens a segment, reading at most {@code limitMax} bytes of it. */
  SegmentReader(Storage storage, long number, long limitMax) throws IOException {
    file = WalFiles.name(number);
    this.number = number;
    in = storage.open(file);
    limit = Math.min(in.length(), limitMax);
    records = new RecordReader(in, number, limit);
  }

  String file() {
    return file;
  }

  /** Where reading stops: the length of the file, or the limit given. */
  long limit() {
    return limit;
  }

  /** Where the record read last begins, or where reading stopped. */
  long offset() {
    return records.offset();
  }

  long nextOffset() {
    return records.nextOffset();
  }

  /** Goes to where a record may begin. */
  void position(long offset) {
    records.position(Math.min(offset, limit));
  }

  /** Reads the header; null when there is no whole record where it must be. */
  @Nullable SegmentHeader header(long storeId) {
    records.position(0);
    if (nextRecord() != Outcome.RECORD) {
      return null;
    }
    if (records.type() != WalFormat.HEADER) {
      throw corruption("a log segment begins with a record of type " + records.type());
    }
    SegmentHeader header =
        SegmentHeader.read(
            file, records.payload(), records.payloadOffset(), records.payloadLength());
    if (header.storeId() != storeId) {
      throw corruption("this log segment belongs to another store");
    }
    if (header.segment() != number) {
      throw corruption("this log segment says that it is number " + header.segment());
    }
    if (header.previousSegment() < 0 || header.previousSegment() >= number) {
      // Recovery walks from each segment to the one before; this walk would never end.
      throw corruption("this log segment says that it continues " + header.previousSegment());
    }
    if (header.previousLength() < 0
        || header.previousLastRevision() < 0
        || header.durableRevision() < 0) {
      throw corruption("this log segment has a length or a revision below 0 in its header");
    }
    return header;
  }

  /** Reads the first record, and takes nothing from it if it is a header. */
  Outcome skipHeader() {
    Outcome outcome = nextRecord();
    firstRevision = 0;
    lastRevision = 0;
    if (outcome == Outcome.RECORD && records.type() != WalFormat.HEADER) {
      decode();
    }
    return outcome;
  }

  /** Reads the next commit group or seal. */
  Outcome next() {
    Outcome outcome = nextRecord();
    if (outcome == Outcome.RECORD) {
      decode();
    }
    return outcome;
  }

  /** Searches for a whole record behind a bad one. */
  boolean resync() {
    try {
      return records.resync();
    } catch (IOException e) {
      throw new CorruptionException(file, records.offset(), "unreadable log", e);
    }
  }

  private Outcome nextRecord() {
    try {
      return records.next();
    } catch (IOException e) {
      throw new CorruptionException(file, records.offset(), "unreadable log", e);
    }
  }

  private void decode() {
    byte[] payload = records.payload();
    int at = records.payloadOffset();
    batchLimit = at + records.payloadLength();
    firstRevision = 0;
    lastRevision = 0;
    durableRevision = 0;
    switch (records.type()) {
      case WalFormat.GROUP -> decodeGroup(payload, at);
      case WalFormat.SEAL -> durableRevision = varint(payload, at, Long.MAX_VALUE);
      case WalFormat.HEADER -> {
        // Only a search from within a segment whose header is bad may come here: never a whole one.
        throw corruption("a second log segment header");
      }
      default ->
          throw new UnsupportedFormatException(
              String.format(
                  Locale.ROOT,
                  "log segment %s has a record of unknown type %d at offset %d",
                  file, records.type(), records.offset()));
    }
  }

  private void decodeGroup(byte[] payload, int start) {
    firstRevision = varint(payload, start, Long.MAX_VALUE);
    int at = Varint.end(payload, start, batchLimit);
    durableRevision = firstRevision - varint(payload, at, firstRevision);
    at = Varint.end(payload, at, batchLimit);
    long batches = varint(payload, at, Integer.MAX_VALUE);
    at = Varint.end(payload, at, batchLimit);
    if (firstRevision == 0
        || durableRevision == firstRevision
        || batches == 0
        || batches > Long.MAX_VALUE - firstRevision) {
      throw corruption("impossible numbers in a commit group");
    }
    lastRevision = firstRevision + batches - 1;
    batchesAt = at;
    for (long i = 0; i < batches; i++) {
      long length = varint(payload, at, batchLimit);
      at = Varint.end(payload, at, batchLimit);
      if (length > batchLimit - at) {
        throw corruption("a batch is longer than its commit group");
      }
      String problem = BatchEntries.problem(payload, at, (int) length);
      if (problem != null) {
        throw corruption(problem);
      }
      at += (int) length;
    }
    if (at != batchLimit) {
      throw corruption("bytes behind the last batch of a commit group");
    }
  }

  private long varint(byte[] payload, int at, long max) {
    int end = Varint.end(payload, at, batchLimit);
    long number = end < 0 ? -1 : Varint.get(payload, at, end);
    if (number < 0 || number > max) {
      throw corruption("impossible number in a log record");
    }
    return number;
  }

  CorruptionException corruption(String what) {
    return new CorruptionException(file, records.offset(), what);
  }

  boolean isGroup() {
    return lastRevision != 0;
  }

  /** First revision of the group read last; 0 for a seal. */
  long firstRevision() {
    return firstRevision;
  }

  /** Last revision of the group read last; 0 for a seal. */
  long lastRevision() {
    return lastRevision;
  }

  /** What was on disk when the record read last was written. */
  long durableRevision() {
    return durableRevision;
  }

  byte[] payload() {
    return records.payload();
  }

  int payloadOffset() {
    return records.payloadOffset();
  }

  int payloadLength() {
    return records.payloadLength();
  }

  /** Hands out the batches of the group read last that are above a revision. */
  long handOut(long aboveRevision, BatchConsumer consumer) throws IOException {
    byte[] payload = records.payload();
    int at = batchesAt;
    long handed = 0;
    for (long revision = firstRevision; revision <= lastRevision; revision++) {
      int end = Varint.end(payload, at, batchLimit);
      int length = (int) Varint.get(payload, at, end);
      if (revision > aboveRevision) {
        consumer.accept(revision, payload, end, length);
        handed++;
      }
      at = end + length;
    }
    return handed;
  }

  @Override
  public void close() {
    in.close();
  }
}
