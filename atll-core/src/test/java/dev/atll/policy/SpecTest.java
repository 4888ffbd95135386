package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.InvalidInputException;
import dev.atll.policy.learn.Learners;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpecTest {
  @ParameterizedTest
  @ValueSource(strings = {"fluid:K=4,Z=-1,w=-8/2/2,e=0.25", "fluid_K4_Z-1_w-8.2.2_e0.25"})
  void bothFormsMeanTheSame(String text) {
    Spec spec = Spec.parse(text);
    assertEquals("fluid", spec.name());
    assertEquals("fluid_K4_Z-1_w-8.2.2_e0.25", spec.label());
    assertEquals(4, spec.whole("K", 9, 1, 64));
    assertEquals(-1, spec.whole("Z", 9, -1, 64));
    assertArrayEquals(new int[] {-8, 2, 2}, spec.wholes("w", 0, -8, 8));
    assertEquals(0.25, spec.number("e", 0, 0, 1));
    assertEquals(7, spec.whole("absent", 7, 0, 9));
    assertArrayEquals(new int[] {7}, spec.wholes("none", 7, 0, 9));
    assertEquals(0.5, spec.number("neither", 0.5, 0, 1));
    spec.checkAllRead();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "Leveled", "a b", "fluid:", "fluid:K", "fluid:K=", "fluid:K=4,", "fluid:K=4,K=5",
        "fluid:=4", "fluid_", "fluid_4", "fluid:K=x", "fluid:K=1e5", "-a", "fluid:abcdefghijklmnopqrstuvwxyz=1234567890,b=1234567890"
      })
  void whatIsNoNameWithParametersIsRefused(String text) {
    assertThrows(InvalidInputException.class, () -> Spec.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fluid:K=0", "fluid:K=65", "fluid:K=1.5", "fluid:K=9999999999", "fluid:K=1/2"})
  void aParameterOutOfRangeIsRefusedWithTheRange(String text) {
    Spec spec = Spec.parse(text);
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> spec.whole("K", 1, 1, 64));
    assertTrue(e.getMessage().contains("1 to 64"), e.getMessage());
  }

  @Test
  void aNumberOutOfRangeIsRefusedWithTheRange() {
    for (String text : List.of("a:e=1.5", "a:e=1/2", "a:e=-0.1", "a:e=1-1")) {
      Spec spec = Spec.parse(text);
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> spec.number("e", 0, 0, 1));
      assertTrue(e.getMessage().contains("0.0 to 1.0"), e.getMessage());
    }
    assertThrows(InvalidInputException.class, () -> Spec.parse("a:w=1/9").wholes("w", 0, 0, 8));
  }

  @Test
  void aParameterNobodyAskedForIsRefusedWithThoseThereAre() {
    Spec spec = Spec.parse("fluid:X=1");
    spec.whole("K", 1, 1, 64);
    InvalidInputException e = assertThrows(InvalidInputException.class, spec::checkAllRead);
    assertTrue(e.getMessage().contains("K=1 to 64"), e.getMessage());
    assertThrows(InvalidInputException.class, () -> Policies.byName("leveled:K=1", 1));
    assertThrows(InvalidInputException.class, () -> Pickers.byName("index:K=1", 1));
    assertThrows(InvalidInputException.class, () -> Learners.byName("off:K=1", 1));
  }

  @Test
  void whatDoesNotExistIsRefusedWithWhatDoes() {
    InvalidInputException policy =
        assertThrows(InvalidInputException.class, () -> Policies.byName("none", 1));
    assertTrue(policy.getMessage().contains("leveled"), policy.getMessage());
    InvalidInputException picker =
        assertThrows(InvalidInputException.class, () -> Pickers.byName("none", 1));
    assertTrue(picker.getMessage().contains("round-robin"), picker.getMessage());
    InvalidInputException learner =
        assertThrows(InvalidInputException.class, () -> Learners.byName("none", 1));
    assertTrue(learner.getMessage().contains("off"), learner.getMessage());
  }

  @Test
  void everyNameIsKnownAndExplained() {
    for (String name : Policies.names()) {
      assertEquals(name, Policies.byName(name, 1).name());
      assertTrue(Policies.explanations().get(name).length() > 20);
    }
    for (String name : Pickers.names()) {
      assertEquals(name, Pickers.byName(name, 1).name());
    }
    for (String name : Learners.names()) {
      assertEquals(name, Learners.byName(name, 1).name());
    }
  }

  @Test
  void listsKeepParametersTogether() {
    assertEquals(
        List.of("leveled", "fluid:K=4,Z=1", "ucs:W=-8/2", "atll"),
        Spec.list("leveled,fluid:K=4,Z=1,ucs:W=-8/2,atll"));
  }
}
