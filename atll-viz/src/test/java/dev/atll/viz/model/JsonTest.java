package dev.atll.viz.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The writer against a real parser. */
final class JsonTest {
  @Property(shrinking = ShrinkingMode.OFF)
  boolean textsSurvive(@ForAll String text) throws IOException {
    String clean = new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
    String json = new Json().object().name(clean).value(clean).endObject().toString();
    return clean.equals(JSON.std.mapFrom(json).get(clean)) && json.indexOf('\n') < 0;
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void numbersAreRoundedAndNoMore(
      @ForAll double value, @ForAll @IntRange(max = 6) int digits) throws IOException {
    String json = new Json().array().value(value, digits).endArray().toString();
    Object read = JSON.std.listFrom(json).getFirst();
    if (!Double.isFinite(value)) {
      assertEquals("[null]", json);
      return;
    }
    double got = ((Number) read).doubleValue();
    double step = Math.pow(10, -digits);
    double bound = Math.max(step * 0.51, Math.abs(value) * 1e-9);
    assertTrue(Math.abs(got - value) <= bound, value + " became " + json);
  }

  @Test
  void smallNumbersKeepTheirLeadingDigits() {
    assertEquals("[1.235E-5]", new Json().array().value(0.000012345, 3).endArray().toString());
    assertEquals("[0,-0.5,12.34,7]", new Json().array().value(0, 3).value(-0.5, 2)
        .value(12.341, 2).value(7L).endArray().toString());
  }

  @Test
  void commasStandBetweenMembersOnly() {
    String json =
        new Json().object().name("a").array().values(1, 2).endArray().name("b").object().endObject()
            .name("c").value(true).endObject().toString();
    assertEquals("{\"a\":[[1,2]],\"b\":{},\"c\":true}", json);
  }
}
