package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireTest {
  @Test
  void aMessageIsOneLineAndComesBackAsItWas() {
    Map<String, Object> request = Wire.request("open");
    request.put("directory", "/a \"b\"\nc ü");
    request.put("keys", 1L << 40);
    request.put("settings", Map.of("cacheBytes", "1m"));
    request.put("counts", true);
    String line = Wire.line(request);
    assertEquals(1, line.lines().count(), line);
    Map<String, Object> back = Wire.message(line).orElseThrow();
    assertEquals("open", Wire.text(back, Wire.DO));
    assertEquals("/a \"b\"\nc ü", Wire.text(back, "directory"));
    assertEquals(1L << 40, Wire.number(back, "keys"));
    assertEquals(Map.of("cacheBytes", "1m"), back.get("settings"));
    assertTrue(Wire.flag(back, "counts"));
    assertFalse(Wire.flag(back, "settles"));
  }

  @Test
  void numbersKeepTheirValues() {
    Map<String, Object> back =
        Wire.message(Wire.line(Map.of("x", 0.25, "n", Long.MAX_VALUE))).orElseThrow();
    assertEquals(0.25, Wire.real(back, "x"));
    assertEquals(Long.MAX_VALUE, Wire.number(back, "n"));
  }

  @Test
  void whatOthersSayIsNoMessage() {
    for (String line :
        List.of("", "{\"do\":\"open\"}", "[0.1s][warning] x", "@atll", "@atll {\"do\":",
            "@atll []")) {
      assertEquals(Optional.empty(), Wire.message(line), line);
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> Wire.number(Map.of("keys", "many"), "keys"),
            () -> Wire.real(Map.of(), "keys"),
            () -> Wire.text(Map.of("keys", 1), "keys"))) {
      IllegalArgumentException failure =
          assertThrows(IllegalArgumentException.class, wrong::run);
      assertTrue(failure.getMessage().contains("'keys'"), failure.getMessage());
    }
  }
}
