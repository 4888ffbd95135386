package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.WriteBatch;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Helpers of the log's tests: batches whose content follows from their revision, and replays. */
final class WalWorld {
  static final Path DIRECTORY = Path.of("/store");
  static final long STORE_ID = 0x1234_5678_9ABC_DEF0L;

  private WalWorld() {}

  /** The batch of a revision in a history; another salt gives another batch. */
  static WriteBatch batch(long revision, long salt) {
    SplittableRandom random = new SplittableRandom(revision * 31 + salt);
    WriteBatch batch = new WriteBatch();
    int changes = random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      byte[] key = new byte[1 + random.nextInt(8)];
      random.nextBytes(key);
      byte[] value = new byte[random.nextInt(30)];
      random.nextBytes(value);
      if (random.nextInt(4) == 0) {
        batch.delete(key);
      } else {
        batch.put(key, value);
      }
    }
    return batch.put(new byte[] {(byte) revision}, Long.toString(revision).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  static byte[] bytes(WriteBatch batch) {
    return Arrays.copyOf(batch.encoded(), batch.encodedLength());
  }

  static void append(WalWriter writer, long firstRevision, int batches, long salt)
      throws IOException {
    CommitGroup group = new CommitGroup();
    for (int i = 0; i < batches; i++) {
      WriteBatch batch = batch(firstRevision + i, salt);
      group.add(batch.encoded(), 0, batch.encodedLength());
    }
    writer.append(firstRevision, group);
  }

  /** What a replay handed out. */
  static final class Recovered {
    final List<Long> revisions = new ArrayList<>();
    final List<byte[]> batches = new ArrayList<>();
    RecoveredLog log = RecoveredLog.EMPTY;

    void checkSalt(long salt) {
      for (int i = 0; i < revisions.size(); i++) {
        assertArrayEquals(bytes(batch(revisions.get(i), salt)), batches.get(i));
        assertTrue(i == 0 || revisions.get(i) > revisions.get(i - 1));
      }
      assertEquals(revisions.size(), log.batches());
    }
  }

  static Recovered replay(FileSystem files, long firstSegment, long flushedRevision)
      throws IOException {
    Recovered recovered = new Recovered();
    try (Storage storage = files.open(DIRECTORY, true)) {
      recovered.log =
          WalRecovery.replay(
              storage,
              STORE_ID,
              firstSegment,
              flushedRevision,
              (revision, bytes, offset, length) -> {
                recovered.revisions.add(revision);
                recovered.batches.add(Arrays.copyOfRange(bytes, offset, offset + length));
              });
    }
    return recovered;
  }

  static WalWriter writer(
      FileSystem files, SimEnv env, long segmentBytesMax, RecoveredLog recovered, long flushed)
      throws IOException {
    return new WalWriter(
        files.open(DIRECTORY, true),
        env.clock(),
        WalListener.NONE,
        STORE_ID,
        segmentBytesMax,
        recovered,
        flushed);
  }

  static List<Long> range(long first, long last) {
    List<Long> revisions = new ArrayList<>();
    for (long revision = first; revision <= last; revision++) {
      revisions.add(revision);
    }
    return revisions;
  }

  static byte[] file(SimFileSystem files, long number) throws IOException {
    return files.read(DIRECTORY.resolve(WalFiles.name(number)));
  }

  /** A file system that holds these files, all durable. */
  static SimFileSystem planted(SimEnv env, List<WalSegment> segments, SimFileSystem from)
      throws IOException {
    SimFileSystem files = new SimFileSystem(env.clock());
    files.open(DIRECTORY, true).close();
    for (WalSegment segment : segments) {
      files.plant(DIRECTORY.resolve(segment.fileName()), file(from, segment.number()));
    }
    return files;
  }
}
