package dev.atll.wal;

import dev.atll.api.CorruptionException;
import dev.atll.env.Storage;
import dev.atll.record.RecordReader.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log after a start: a prefix of what was written, at least all that is known to have been
 * on disk.
 *
 * <p>The segment with the highest number and a whole header leads; each header names the segment it
 * continues and how much of it counts, so the chain is walked backwards until a header says that
 * all before it is in tables. Reading forward, the first place where the chain breaks (a record
 * that is not whole, a file cut short or missing) is the <em>gap</em>. A crash makes gaps, but only
 * behind what was on disk. So everything behind the gap is searched for a record that claims more
 * to have been on disk than was read before the gap: if there is one, the gap is damage, and
 * recovery fails; if not, the log ends there, and the cut is reported.
 *
 * <p>What this cannot tell from a torn tail: damage in records that no later record claims, which
 * are those of the last force before an unclean stop, and all that was never forced.
 */
public final class WalRecovery {
  private final Storage storage;
  private final long storeId;
  private final long flushedRevision;
  private final BatchConsumer consumer;
  private final ReplayListener listener;

  /** All segments, by number; null where the header is not whole. */
  private final TreeMap<Long, @Nullable SegmentHeader> headers = new TreeMap<>();

  private final List<SegmentHeader> chain = new ArrayList<>();
  private final List<WalSegment> kept = new ArrayList<>();
  private final List<String> obsolete = new ArrayList<>();
  private long highestNumber;
  private long lastRevision;
  private long claimedRevision;
  private long batches;
  private boolean sealed;
  private @Nullable Gap gap;

  /** Where reading broke off, and how many bytes of that file would have counted. */
  private record Gap(String file, long number, long offset, long limit, String what) {}

  private WalRecovery(
      Storage storage,
      long storeId,
      long flushedRevision,
      BatchConsumer consumer,
      ReplayListener listener) {
    this.listener = listener;
    this.storage = storage;
    this.storeId = storeId;
    this.flushedRevision = flushedRevision;
    this.consumer = consumer;
  }

  /**
   * Reads the log and hands out the batches above {@code flushedRevision}. Changes no file. When it
   * throws, batches may have been handed out that belong to a damaged log: drop them.
   *
   * @param firstSegment segments below this number are not needed, and one at or above it is known
   *     to be on disk (see {@link WalWriter#firstNeededSegment}); 0 when nothing is known
   * @param flushedRevision all revisions up to this are in tables
   * @throws CorruptionException if something that was on disk is missing or damaged
   * @throws dev.atll.api.UnsupportedFormatException if a newer release wrote the log
   * @throws IOException if a file cannot be opened, or the consumer failed
   */
  public static RecoveredLog replay(
      Storage storage,
      long storeId,
      long firstSegment,
      long flushedRevision,
      BatchConsumer consumer)
      throws IOException {
    return replay(
        storage, storeId, firstSegment, flushedRevision, consumer, ReplayListener.NONE);
  }

  /** As {@link #replay(Storage, long, long, long, BatchConsumer)}, told to a listener. */
  public static RecoveredLog replay(
      Storage storage,
      long storeId,
      long firstSegment,
      long flushedRevision,
      BatchConsumer consumer,
      ReplayListener listener)
      throws IOException {
    WalRecovery recovery =
        new WalRecovery(storage, storeId, flushedRevision, consumer, listener);
    recovery.readHeaders(firstSegment);
    recovery.findChain(firstSegment);
    recovery.tellFound();
    recovery.readChain();
    recovery.judgeGap();
    return recovery.result();
  }

  private void readHeaders(long firstSegment) throws IOException {
    highestNumber = firstSegment;
    for (String name : storage.list()) {
      long temporary = WalFiles.temporaryNumber(name);
      if (temporary > 0) {
        obsolete.add(name);
        highestNumber = Math.max(highestNumber, temporary);
        continue;
      }
      long number = WalFiles.number(name);
      if (number < 0) {
        continue;
      }
      highestNumber = Math.max(highestNumber, number);
      if (number < firstSegment) {
        obsolete.add(name);
        continue;
      }
      try (SegmentReader reader = new SegmentReader(storage, number, Long.MAX_VALUE)) {
        headers.put(number, reader.header(storeId));
      }
    }
    if (firstSegment > 0 && headers.isEmpty()) {
      throw new CorruptionException(
          WalFiles.name(firstSegment), 0, "this log segment and all newer ones are missing");
    }
  }

  /**
   * Walks back from the newest segment. Where a predecessor is missing or has no whole header, all
   * that was walked lies behind a gap, and the newest segment before the gap leads instead.
   */
  private void findChain(long firstSegment) throws IOException {
    SegmentHeader header = newestBelow(Long.MAX_VALUE);
    while (header != null) {
      chain.addFirst(header);
      long previous = header.previousSegment();
      if (previous == 0
          || previous < firstSegment
          || header.previousLastRevision() <= flushedRevision) {
        return;
      }
      SegmentHeader before = previous < header.segment() ? headers.get(previous) : null;
      if (before == null) {
        gap = gapAtStart(previous, header.previousLength());
        chain.clear();
        before = newestBelow(previous);
      }
      header = before;
    }
  }

  private void tellFound() throws IOException {
    long bytes = 0;
    for (SegmentHeader header : chain) {
      bytes += storage.length(WalFiles.name(header.segment()));
    }
    listener.found(chain.size(), bytes);
  }

  private @Nullable SegmentHeader newestBelow(long number) {
    for (SegmentHeader header : headers.headMap(number, false).descendingMap().values()) {
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  private void readChain() throws IOException {
    Gap behindChain = gap;
    if (behindChain == null) {
      Long newer = headers.higherKey(chain.isEmpty() ? 0 : chain.getLast().segment());
      if (newer != null) {
        // Its header is not whole: created, but never forced; or damaged.
        behindChain = gapAtStart(newer, Long.MAX_VALUE);
      }
    }
    gap = null;
    for (int i = 0; i < chain.size() && gap == null; i++) {
      readSegment(chain.get(i), i + 1 < chain.size() ? chain.get(i + 1) : null);
    }
    if (gap == null) {
      gap = behindChain;
    }
  }

  /** The gap of a segment that is missing, or whose header is not whole. */
  private Gap gapAtStart(long number, long limit) throws IOException {
    String file = WalFiles.name(number);
    return headers.containsKey(number)
        ? new Gap(file, number, 0, Math.min(limit, storage.length(file)), "no whole segment header")
        : new Gap(file, number, 0, 0, "this log segment is missing");
  }

  private void readSegment(SegmentHeader header, @Nullable SegmentHeader successor)
      throws IOException {
    long accepted = successor == null ? Long.MAX_VALUE : successor.previousLength();
    long first = 0;
    long records = 0;
    long skipped = 0;
    long batchesBefore = batches;
    lastRevision = Math.max(lastRevision, header.previousLastRevision());
    claim(header.durableRevision());
    try (SegmentReader reader = new SegmentReader(storage, header.segment(), accepted)) {
      reader.header(storeId);
      long counts = reader.nextOffset();
      Outcome outcome = reader.next();
      sealed = false;
      for (; outcome == Outcome.RECORD; outcome = reader.next()) {
        sealed = !reader.isGroup();
        if (reader.isGroup()) {
          if (reader.firstRevision() <= lastRevision) {
            throw reader.corruption(
                String.format(
                    Locale.ROOT,
                    "revision %d follows %d",
                    reader.firstRevision(), lastRevision));
          }
          first = first == 0 ? reader.firstRevision() : first;
        }
        if (reader.durableRevision() > Math.max(lastRevision, flushedRevision)) {
          throw reader.corruption(
              String.format(
                  Locale.ROOT,
                  "revision %d was on disk, but the log before this record ends at %d",
                  reader.durableRevision(), lastRevision));
        }
        claim(reader.durableRevision());
        if (reader.isGroup()) {
          long handed = reader.handOut(flushedRevision, consumer);
          batches += handed;
          records++;
          skipped += reader.lastRevision() - reader.firstRevision() + 1 - handed;
          lastRevision = reader.lastRevision();
          counts = reader.nextOffset();
        }
      }
      sealed &= outcome == Outcome.END;
      long end = reader.offset();
      // Without a seal at its end: nothing may depend on one, it may not have reached the disk.
      kept.add(new WalSegment(header.segment(), first, lastRevision, counts));
      listener.read(header.segment(), records, batches - batchesBefore, skipped, counts);
      boolean isShort = successor != null && reader.limit() < accepted;
      if (outcome == Outcome.BAD || isShort) {
        String what = outcome == Outcome.BAD ? "this log record is not whole" : "the log is cut off";
        gap = new Gap(reader.file(), header.segment(), end, reader.limit(), what);
      } else if (successor != null && lastRevision != successor.previousLastRevision()) {
        throw new CorruptionException(
            reader.file(),
            end,
            String.format(
                Locale.ROOT,
                "this log segment ends at revision %d, but its successor continues %d",
                lastRevision, successor.previousLastRevision()));
      }
    }
  }

  /** Decides whether the gap is a torn tail or damage. */
  private void judgeGap() throws IOException {
    Gap found = gap;
    if (found == null) {
      if (claimedRevision > Math.max(lastRevision, flushedRevision)) {
        long newest = kept.isEmpty() ? highestNumber : kept.getLast().number();
        throw new CorruptionException(
            WalFiles.name(newest),
            kept.isEmpty() ? 0 : kept.getLast().length(),
            String.format(
                Locale.ROOT,
                "revision %d was on disk, but the log ends at %d",
                claimedRevision, lastRevision));
      }
      return;
    }
    if (headers.containsKey(found.number())) {
      searchBehind(found.number(), found.offset(), found.limit());
    }
    for (long number : headers.tailMap(found.number(), false).keySet()) {
      searchBehind(number, 0, Long.MAX_VALUE);
    }
    long known = Math.max(lastRevision, flushedRevision);
    if (claimedRevision > known) {
      throw new CorruptionException(
          found.file(),
          found.offset(),
          String.format(
              Locale.ROOT,
              "%s; revision %d was on disk, but the log before it ends at %d",
              found.what(), claimedRevision, lastRevision));
    }
  }

  private void searchBehind(long number, long offset, long limit) throws IOException {
    try (SegmentReader reader = new SegmentReader(storage, number, limit)) {
      SegmentHeader header = headers.get(number);
      if (header == null) {
        reader.header(storeId); // stands at the bad header now
      } else {
        claim(header.durableRevision());
        reader.header(storeId);
        reader.position(Math.max(offset, reader.nextOffset()));
      }
      for (Outcome outcome = reader.next(); outcome != Outcome.END; outcome = reader.next()) {
        if (outcome == Outcome.RECORD) {
          claim(reader.durableRevision());
        } else if (!reader.resync()) {
          return;
        }
      }
    }
  }

  private void claim(long durableRevision) {
    claimedRevision = Math.max(claimedRevision, durableRevision);
  }

  private RecoveredLog result() throws IOException {
    Gap found = gap;
    TailCut cut = null;
    if (found != null) {
      long dropped = found.limit() - found.offset();
      int segments = 0;
      for (long number : headers.tailMap(found.number(), false).keySet()) {
        if (!isSuperseded(number)) {
          dropped += storage.length(WalFiles.name(number));
          segments++;
        }
      }
      cut = new TailCut(found.file(), found.offset(), dropped, segments, lastRevision);
    }
    for (long number : headers.keySet()) {
      if (kept.stream().noneMatch(segment -> segment.number() == number)) {
        obsolete.add(WalFiles.name(number));
      }
    }
    return new RecoveredLog(
        kept, obsolete, lastRevision, claimedRevision, highestNumber, batches, sealed && cut == null, cut);
  }

  /** Whether an earlier recovery left this segment out: a newer one continues an older one. */
  private boolean isSuperseded(long number) {
    return headers.values().stream()
        .anyMatch(h -> h != null && h.previousSegment() < number && number < h.segment());
  }
}
