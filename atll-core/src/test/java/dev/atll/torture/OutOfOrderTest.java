package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Forged tables, with right checksums, whose entries are out of order so that a scan went in a
 * circle. One store with dead ranges again: {@code -Datll.seed=N}; more: {@code -Datll.stores=N}.
 */
class OutOfOrderTest {
  /** A key that the search found before where the scan stood, and one behind it on the way back. */
  @ParameterizedTest
  @ValueSource(longs = {2274915308L, 4276641932L})
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void aScanEnds(long seed) {
    Figures figures = new Figures();
    new HostileStage().check(seed, figures);
    assertEquals(1, figures.hostile);
  }

  /** Around stretches of deletions, whose ends a search finds somewhere else. */
  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aScanAroundDeadRangesEnds() {
    Long only = Long.getLong("atll.seed");
    long from = only == null ? 501 : only;
    long to = only == null ? from + Long.getLong("atll.stores", 100) : from + 1;
    for (long seed = from; seed < to; seed++) {
      Disorder.check(seed);
    }
  }
}
