package dev.atll.api;

import dev.atll.base.Keys;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys, from {@code low} (inclusive) to {@code high} (exclusive), in unsigned byte order.
 *
 * @param low first key of the range; empty for no bound
 * @param high first key after the range; null for no bound. A range whose high is not above its low
 *     is empty
 */
@SuppressWarnings("ArrayRecordComponent") // value semantics are not needed; a copy costs each scan
public record KeyRange(byte[] low, byte @Nullable [] high) {
  private static final KeyRange ALL = new KeyRange(Keys.EMPTY, null);

  // Not in the compact form: its parameters lose @Nullable in the class file, and whoever is checked
  // against that may not leave high out.
  /** Refuses a null low; a null high is no bound. */
  public KeyRange(byte[] low, byte @Nullable [] high) {
    this.low = Objects.requireNonNull(low, "low");
    this.high = high;
  }

  /** All keys. */
  public static KeyRange all() {
    return ALL;
  }

  /** Keys from {@code low} (inclusive) to {@code high} (exclusive); null for no upper bound. */
  public static KeyRange of(byte[] low, byte @Nullable [] high) {
    return new KeyRange(low, high);
  }

  /** Keys from {@code low} (inclusive) on. */
  public static KeyRange from(byte[] low) {
    return new KeyRange(low, null);
  }

  /** Keys that begin with these bytes. */
  public static KeyRange prefix(byte[] prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return new KeyRange(prefix, Keys.afterPrefix(prefix));
  }
}
