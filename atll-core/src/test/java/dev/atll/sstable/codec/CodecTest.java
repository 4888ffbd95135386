package dev.atll.sstable.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
  private static final long SEED = Long.getLong("atll.seed", 11);

  /** Bytes of a random mixture of noise, runs and repetitions at any distance. */
  private static byte[] input(Random random, int length) {
    byte[] bytes = new byte[length];
    int at = 0;
    while (at < length) {
      int count = Math.min(length - at, 1 + random.nextInt(random.nextInt(20) == 0 ? 3000 : 40));
      int choice = random.nextInt(4);
      if (choice == 0) {
        byte[] noise = new byte[count];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, count);
      } else if (choice == 1 || at == 0) {
        Arrays.fill(bytes, at, at + count, (byte) random.nextInt(3));
      } else {
        int distance = 1 + random.nextInt(random.nextBoolean() ? Math.min(at, 20) : at);
        for (int i = 0; i < count; i++) {
          bytes[at + i] = bytes[at + i - distance];
        }
      }
      at += count;
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"DEFLATE", "LZ4"})
  void givesBackWhatItCompressed(Codec codec) {
    Random random = new Random(SEED);
    try (BlockCompressor compressor = new BlockCompressor(codec)) {
      for (int round = 0; round < 2000; round++) {
        int length = random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(5000);
        byte[] source = input(random, length + 3);
        byte[] packed = new byte[length + length / 100 + 300];
        int size = compressor.compress(source, 3, length, packed, 7, packed.length - 7);
        assertTrue(size >= 0, "seed " + SEED + " round " + round);
        assertTrue(codec.canExpandTo(size, length));
        byte[] back = new byte[length + 5];
        assertTrue(codec.decompress(packed, 7, size, back, 5, length));
        assertArrayEquals(
            Arrays.copyOfRange(source, 3, length + 3), Arrays.copyOfRange(back, 5, length + 5));
        // A limit is kept, and other lengths than the right one are refused.
        if (size > 0) {
          assertEquals(-1, compressor.compress(source, 3, length, packed, 7, size - 1));
          assertEquals(size, compressor.compress(source, 3, length, packed, 7, packed.length - 7));
          assertFalse(codec.decompress(packed, 7, size - 1, back, 5, length));
        }
        if (length > 0) {
          assertFalse(codec.decompress(packed, 7, size, back, 5, length - 1));
        }
        assertFalse(codec.decompress(packed, 7, size, new byte[length + 6], 5, length + 1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"DEFLATE", "LZ4"})
  void survivesHostileInput(Codec codec) {
    Random random = new Random(SEED);
    byte[] target = new byte[4096 + 32];
    try (BlockCompressor compressor = new BlockCompressor(codec)) {
      byte[] packed = new byte[6000];
      for (int round = 0; round < 20_000; round++) {
        int size;
        if (random.nextInt(4) == 0) {
          size = random.nextInt(300);
          byte[] noise = new byte[size];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, packed, 0, size);
        } else {
          size = compressor.compress(input(random, 1000), 0, 1000, packed, 0, packed.length);
          for (int i = random.nextInt(4); i >= 0; i--) {
            packed[random.nextInt(size)] = (byte) random.nextInt(256);
          }
        }
        Arrays.fill(target, (byte) 77);
        int length = random.nextBoolean() ? 1000 : random.nextInt(4096);
        // Whatever it says, it must not write outside its window, nor throw.
        codec.decompress(packed, 0, size, target, 16, length);
        for (int i = 0; i < 16; i++) {
          assertEquals(77, target[i]);
          assertEquals(77, target[16 + length + i]);
        }
      }
    }
  }

  @Test
  void lz4ReadsTheFormatOfOthers() {
    // Put together by hand from the format: 4 literals, a match of 8 at distance 4, 5 literals.
    byte[] packed = {
      0x44, 'a', 'b', 'c', 'd', 4, 0, 0x50, 'v', 'w', 'x', 'y', 'z',
    };
    byte[] target = new byte[17];
    assertTrue(Codec.LZ4.decompress(packed, 0, packed.length, target, 0, 17));
    assertEquals("abcdabcdabcdvwxyz", new String(target, StandardCharsets.US_ASCII));
  }

  @Test
  void lz4KeepsTheEndRulesOfTheFormat() {
    byte[] source = new byte[1000];
    byte[] packed = new byte[100];
    int size = new BlockCompressor(Codec.LZ4).compress(source, 0, 1000, packed, 0, 100);
    // One literal, a match at distance 1 as long as the rules allow, and the last five literals.
    assertEquals(0x1F, packed[0]);
    assertEquals(0, packed[1]);
    assertEquals(1, packed[2]);
    assertEquals(0, packed[3]);
    int matched = 4 + 15;
    int at = 4;
    for (; packed[at] == -1; at++) {
      matched += 255;
    }
    matched += packed[at++] & 0xFF;
    assertEquals(1000 - 1 - 5, matched);
    assertEquals(0x50, packed[at]);
    assertEquals(at + 1 + 5, size);
  }

  @Test
  void numbersAreThoseOfTheFormat() {
    for (Codec codec : Codec.values()) {
      assertSame(codec, Codec.ofNumber(codec.number()));
    }
    assertEquals(0, Codec.NONE.number());
    assertEquals(1, Codec.DEFLATE.number());
    assertEquals(2, Codec.LZ4.number());
    assertEquals(null, Codec.ofNumber(3));
  }
}
