package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forged tables, with right checksums, whose entries are out of order so that a scan went in a circle. */
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
}
