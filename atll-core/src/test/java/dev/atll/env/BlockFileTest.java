package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positional reads: of any range, whoever is interrupted or needs the descriptor meanwhile. */
@Timeout(60)
class BlockFileTest {
  private static final int BYTES = 700_001;

  @TempDir private Path temp;

  private byte[] make(Path path, long seed) throws IOException {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom(seed).nextBytes(bytes);
    Files.write(path, bytes);
    return bytes;
  }

  private static BlockFile open(Path path, boolean direct, BlockChannels channels)
      throws IOException {
    return new BlockFile(
        path,
        new SystemOpener(path, SystemFileSystem.regular(path).fileKey()),
        direct,
        channels);
  }

  private static void check(byte[] expected, BlockFile file, SplittableRandom random)
      throws IOException {
    int count = random.nextInt(4) == 0 ? random.nextInt(BYTES) : random.nextInt(9000);
    int from = random.nextInt(BYTES - count + 1);
    byte[] got = new byte[count + 3];
    file.read(from, got, 2, count);
    assertArrayEquals(
        Arrays.copyOfRange(expected, from, from + count), Arrays.copyOfRange(got, 2, 2 + count));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyRangeIsRead(boolean direct) throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, 1);
    BlockFile file = open(path, direct, new BlockChannels(4));
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 300; i++) {
      check(bytes, file, random);
    }
    byte[] end = new byte[5];
    file.read(BYTES - 5, end, 0, 5);
    assertArrayEquals(Arrays.copyOfRange(bytes, BYTES - 5, BYTES), end);
    assertThrows(EOFException.class, () -> file.read(BYTES - 4, end, 0, 5));
    file.close();
    assertThrows(IOException.class, () -> file.read(0, end, 0, 5));
  }

  /** Two channels for twelve files, six threads, of which one is interrupted all the time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptsAndMissingDescriptorsHarmNoRead(boolean direct) throws Exception {
    BlockChannels channels = new BlockChannels(2);
    List<byte[]> contents = new ArrayList<>();
    List<BlockFile> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Path path = temp.resolve("file" + i);
      contents.add(make(path, i));
      files.add(open(path, direct, channels));
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      SplittableRandom random = new SplittableRandom(t);
      threads.add(
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 150; i++) {
                    int f = random.nextInt(files.size());
                    check(contents.get(f), files.get(f), random);
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              }));
    }
    Thread interrupter =
        new Thread(
            () -> {
              while (!done.get()) {
                threads.getFirst().interrupt();
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(50_000);
              }
            });
    threads.forEach(Thread::start);
    interrupter.start();
    for (Thread thread : threads) {
      thread.join();
    }
    done.set(true);
    interrupter.join();
    files.forEach(BlockFile::close);
    assertNull(failure.get(), () -> String.valueOf(failure.get()));
  }

  @Test
  void theInterruptIsKept() throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, 1);
    BlockFile file = open(path, true, new BlockChannels(1));
    Thread.currentThread().interrupt();
    try {
      check(bytes, file, new SplittableRandom(3));
    } finally {
      assertTrue(Thread.interrupted());
    }
    check(bytes, file, new SplittableRandom(4));
    assertFalse(Thread.interrupted());
    file.close();
  }

  @Test
  void anotherFileOfTheNameIsRefused() throws IOException {
    Path path = temp.resolve("file");
    make(path, 1);
    BlockFile file = open(path, false, new BlockChannels(1));
    byte[] got = new byte[10];
    file.read(0, got, 0, 10);
    Path other = temp.resolve("other");
    make(other, 2);
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    file.giveBack();
    IOException e = assertThrows(IOException.class, () -> file.read(0, got, 0, 10));
    assertTrue(e.getMessage().contains("replaced"), e.getMessage());
    file.close();
  }

  @Test
  void aFileCutShortEnds() throws IOException {
    Path path = temp.resolve("file");
    make(path, 1);
    try (Storage storage = new SystemFileSystem().open(temp, false);
        FileIn in = storage.open("file")) {
      byte[] got = new byte[100];
      in.readBlock(600_000, got, 0, 100, true);
      try (var channel = java.nio.channels.FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(500_000);
      }
      for (boolean once : new boolean[] {false, true}) {
        assertThrows(EOFException.class, () -> in.readBlock(600_000, got, 0, 100, once));
        in.readBlock(400_000, got, 0, 100, once);
      }
      assertEquals(BYTES, in.length());
    }
  }

  /** The ways of one file: block by block, mapped afterwards, and read by position again. */
  @Test
  void blocksThenMappingThenBlocks() throws IOException {
    byte[] bytes = make(temp.resolve("file"), 1);
    try (Storage storage = new SystemFileSystem().open(temp, false);
        FileIn in = storage.open("file")) {
      byte[] got = new byte[5000];
      in.readBlock(4000, got, 0, 5000, false);
      assertArrayEquals(Arrays.copyOfRange(bytes, 4000, 9000), got);
      in.readFully(100, got, 0, 5000);
      assertArrayEquals(Arrays.copyOfRange(bytes, 100, 5100), got);
      assertEquals(bytes[77], in.map().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 77));
      in.readBlock(90_000, got, 0, 5000, true);
      assertArrayEquals(Arrays.copyOfRange(bytes, 90_000, 95_000), got);
    }
  }

  /** A device that gives so many bytes at a time at most, however many are asked for. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 511, 512, 4095, 4096, 4097, 100_000})
  void shortReadsAreReadOn(int most) throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, most);
    for (boolean direct : new boolean[] {false, true}) {
      BlockFile file = faulty(path, direct, (at, n) -> Math.min(n, most));
      for (int from : new int[] {0, 1, 4095, 4096, 5000, BYTES - 5000}) {
        byte[] got = new byte[5000];
        file.read(from, got, 0, 5000);
        assertArrayEquals(
            Arrays.copyOfRange(bytes, from, from + 5000), got, direct + " from " + from);
      }
      file.close();
    }
  }

  /** As many as it likes, each time others. */
  @Test
  void readsOfAnyLengthAreReadOn() throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, 1);
    SplittableRandom random = new SplittableRandom(6);
    for (boolean direct : new boolean[] {false, true}) {
      BlockFile file = faulty(path, direct, (at, n) -> 1 + random.nextInt(n));
      for (int i = 0; i < 40; i++) {
        check(bytes, file, random);
      }
      file.close();
    }
  }

  /** Nothing at a place where bytes were: an end that says where, and no read without end. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void nothingReadIsTheEnd(int nothing) throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, 1);
    for (boolean direct : new boolean[] {false, true}) {
      BlockFile file = faulty(path, direct, (at, n) -> at + n > 8192 ? nothing : n);
      byte[] got = new byte[100];
      EOFException e = assertThrows(EOFException.class, () -> file.read(9000, got, 0, 100));
      assertTrue(e.getMessage().contains("nothing at 8192"), e.getMessage());
      file.read(8000, got, 0, 100);
      assertArrayEquals(Arrays.copyOfRange(bytes, 8000, 8100), got);
      file.close();
    }
  }

  /** An error while an interrupt waits for the end of the read: both are told. */
  @Test
  void anErrorBehindAnInterruptKeepsTheInterrupt() throws IOException {
    Path path = temp.resolve("file");
    make(path, 1);
    int[] calls = new int[1];
    BlockFile file =
        faulty(
            path,
            false,
            (at, n) -> {
              if (calls[0]++ == 0) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
              }
              throw new IOException("EIO");
            });
    byte[] got = new byte[100];
    IOException e = assertThrows(IOException.class, () -> file.read(0, got, 0, 100));
    assertEquals("EIO", e.getMessage());
    assertTrue(Thread.interrupted());
    file.close();
  }

  /** No file descriptor for a moment is no reason to read by the page cache for ever. */
  @Test
  void noDescriptorForAMomentChangesNothing() throws IOException {
    Path path = temp.resolve("file");
    byte[] bytes = make(path, 1);
    List<Boolean> asked = new ArrayList<>();
    BlockFile file =
        new BlockFile(
            path,
            direct -> {
              asked.add(direct);
              if (asked.size() == 1) {
                throw new OutOfDescriptorsException("none", null);
              }
              return FileChannel.open(path, StandardOpenOption.READ);
            },
            true);
    byte[] got = new byte[100];
    assertThrows(OutOfDescriptorsException.class, () -> file.read(0, got, 0, 100));
    file.read(0, got, 0, 100);
    assertArrayEquals(Arrays.copyOfRange(bytes, 0, 100), got);
    assertEquals(List.of(true, true), asked);
    file.close();
  }

  private static BlockFile faulty(Path path, boolean direct, FaultyChannel.Reads reads) {
    return new BlockFile(
        path,
        asDirect -> new FaultyChannel(FileChannel.open(path, StandardOpenOption.READ), reads),
        direct);
  }
}
