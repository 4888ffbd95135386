package dev.atll.wal;

import dev.atll.api.CorruptionException;
import dev.atll.env.Storage;
import dev.atll.record.RecordReader.Outcome;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is whole of a damaged log, behind holes also, and changes nothing. Unlike recovery it
 * does not stop where a prefix ends: what comes behind a hole is handed out too, and the hole told.
 */
public final class WalSalvage {
  private WalSalvage() {}

  /**
   * Hands out the batches above a revision, those of each segment in order; a batch may come twice.
   *
   * @param storeId of the store; null if unknown: then any is taken
   * @param firstSegment segments below this number are left out
   * @param damage told of each stretch that could not be read
   * @throws IOException if the directory cannot be listed, or the consumer failed
   */
  public static void read(
      Storage storage,
      @Nullable Long storeId,
      long firstSegment,
      long flushedRevision,
      BatchConsumer consumer,
      Consumer<CorruptionException> damage)
      throws IOException {
    Set<Long> numbers = new TreeSet<>();
    for (String name : storage.list()) {
      long number = WalFiles.number(name);
      if (number >= Math.max(1, firstSegment)) {
        numbers.add(number);
      }
    }
    for (long number : numbers) {
      try (SegmentReader reader = new SegmentReader(storage, number, Long.MAX_VALUE)) {
        readSegment(reader, storeId, flushedRevision, consumer, damage);
      }
    }
  }

  private static void readSegment(
      SegmentReader reader,
      @Nullable Long storeId,
      long flushedRevision,
      BatchConsumer consumer,
      Consumer<CorruptionException> damage)
      throws IOException {
    try {
      if (storeId != null && reader.header(storeId) == null) {
        damage.accept(reader.corruption("no whole segment header"));
      }
    } catch (CorruptionException e) {
      damage.accept(e);
    }
    reader.position(0);
    boolean first = true;
    while (true) {
      try {
        Outcome outcome = first ? reader.skipHeader() : reader.next();
        first = false;
        if (outcome == Outcome.END) {
          return;
        }
        if (outcome == Outcome.RECORD) {
          if (reader.isGroup()) {
            reader.handOut(flushedRevision, consumer);
          }
          continue;
        }
        damage.accept(reader.corruption("no whole log record"));
        if (!reader.resync()) {
          return;
        }
      } catch (CorruptionException e) {
        damage.accept(e);
        first = false;
        if (!reader.resync()) {
          return;
        }
      }
    }
  }
}
