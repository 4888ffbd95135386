package dev.atll.torture;

import dev.atll.api.KeyRange;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys.
 *
 * @param high null for no bound; may lie below {@code low}
 */
record Range(Bytes low, @Nullable Bytes high) {
  static final Range ALL = new Range(Bytes.EMPTY, null);

  static Range draw(RandomGenerator random, KeySpace keys) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> ALL;
      case 2 -> new Range(keys.key(), null);
      case 3 -> new Range(Bytes.EMPTY, keys.key());
      case 4 -> {
        Bytes key = keys.key();
        KeyRange range = KeyRange.prefix(key.prefix(random.nextInt(key.length() + 1)).array());
        byte[] high = range.high();
        yield new Range(Bytes.of(range.low()), high == null ? null : Bytes.of(high));
      }
      default -> {
        Bytes a = keys.key();
        Bytes b = keys.key();
        // Now and then the wrong way round, which is an empty range.
        yield (a.compareTo(b) <= 0) == (random.nextInt(10) > 0) ? new Range(a, b) : new Range(b, a);
      }
    };
  }

  KeyRange forStore() {
    return new KeyRange(low.array(), high == null ? null : high.array());
  }

  NavigableMap<Bytes, Model.Live> of(NavigableMap<Bytes, Model.Live> map) {
    if (high == null) {
      return map.tailMap(low, true);
    }
    return low.compareTo(high) >= 0
        ? Collections.emptyNavigableMap()
        : map.subMap(low, true, high, false);
  }

  @Override
  public String toString() {
    return "[" + low + ".." + (high == null ? "" : high) + ")";
  }
}
