package dev.atll.torture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The keys of one history: few, so that they meet, and awkward. */
final class KeySpace {
  private static final int[] EDGES = {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};

  private final RandomGenerator random;
  private final List<Bytes> keys;

  KeySpace(RandomGenerator random) {
    this.random = random;
    int size = 1 << (2 + random.nextInt(8));
    int kind = random.nextInt(6);
    Set<Bytes> found = new LinkedHashSet<>();
    if (random.nextInt(3) > 0) {
      found.add(Bytes.EMPTY);
    }
    // Small alphabets have fewer keys than wanted.
    for (int tries = 4 * size; tries > 0 && found.size() < size; tries--) {
      found.add(draw(random, kind == 5 ? random.nextInt(5) : kind));
    }
    this.keys = new ArrayList<>(found);
  }

  private static Bytes draw(RandomGenerator random, int kind) {
    return switch (kind) {
      case 0 -> edges(random, Bytes.EMPTY, 5);
      case 1 ->
          edges(random, Bytes.value(7 + 2 * random.nextInt(3), 8 + 12 * random.nextInt(3)), 3);
      case 2 -> Bytes.of("k%05d".formatted(random.nextInt(2000)).getBytes(StandardCharsets.US_ASCII));
      case 3 -> {
        Bytes key = Bytes.EMPTY;
        int end = random.nextInt(2) * 0xFF;
        for (int i = random.nextInt(12); i > 0; i--) {
          key = key.with(end);
        }
        yield random.nextBoolean() ? key.with(random.nextInt(256)) : key;
      }
      case 4 ->
          Bytes.value(3, random.nextInt(20) == 0 ? 2000 : 120 + random.nextInt(16))
              .with(random.nextInt(256));
      default -> throw new AssertionError(kind);
    };
  }

  private static Bytes edges(RandomGenerator random, Bytes start, int longest) {
    Bytes key = start;
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      key = key.with(EDGES[random.nextInt(EDGES.length)]);
    }
    return key;
  }

  /** Mostly a key of the space; now and then one just beside it. */
  Bytes key() {
    Bytes key = keys.get(random.nextInt(keys.size()));
    return switch (random.nextInt(24)) {
      case 0 -> key.with(random.nextInt(2) * 0xFF);
      case 1 -> key.length() == 0 ? key : key.prefix(key.length() - 1);
      default -> key;
    };
  }
}
