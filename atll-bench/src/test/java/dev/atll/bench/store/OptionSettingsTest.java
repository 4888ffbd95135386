package dev.atll.bench.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.Options;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionSettingsTest {
  private static Options with(String name, String value) {
    Options.Builder builder = Options.builder();
    OptionSettings.apply(builder, Map.of(name, value));
    return builder.build();
  }

  @Test
  void everyKindOfValueCanBeSet() {
    assertEquals(32L << 20, with("memtableBytes", "32m").memtableBytes());
    assertEquals(7, with("fanout", "7").fanout());
    assertEquals(2.5, with("burdenThreshold", "2.5").burdenThreshold());
    assertEquals(false, with("flushOnClose", "false").flushOnClose());
    assertEquals("lazy", with("policy", "lazy").policy());
    assertEquals(Durability.INTERVAL, with("durability", "interval").durability());
    assertEquals(Duration.ofMillis(250), with("syncInterval", "250ms").syncInterval());
    assertEquals(Duration.ofMinutes(2), with("memtableAge", "2m").memtableAge());
  }

  @Test
  void mistakesAreExplained() {
    String unknown =
        assertThrows(InvalidInputException.class, () -> with("memtable", "1")).getMessage();
    assertTrue(unknown.contains("memtableBytes"), unknown);
    assertThrows(InvalidInputException.class, () -> with("memtableBytes", "many"));
    assertThrows(InvalidInputException.class, () -> with("flushOnClose", "perhaps"));
    assertThrows(InvalidInputException.class, () -> with("durability", "never"));
    assertThrows(InvalidInputException.class, () -> with("fanout", "1"));
  }

  @Test
  void theEffectiveOptionsShowWhatWasSet() {
    assertEquals("13", OptionSettings.effective(with("fanout", "13")).get("fanout"));
  }
}
