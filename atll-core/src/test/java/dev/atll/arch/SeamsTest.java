package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.atll.arch.fixture.Leaky;
import dev.atll.arch.fixture.Tight;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Files, time, threads and chance are reached through {@code dev.atll.env} alone. */
class SeamsTest {
  @Test
  void onlyEnvTouchesTheMachine() {
    Set<String> leaks = new TreeSet<>();
    for (JavaClass type : EngineCode.classes()) {
      if (!type.getPackageName().startsWith("dev.atll.env")) {
        leaks.addAll(Seams.leaks(type));
      }
    }
    assertTrue(leaks.isEmpty(), () -> String.join("\n", leaks));
  }

  @Test
  void floorTwoDecidesAndDoesNothing() {
    Set<String> impurities = new TreeSet<>();
    for (JavaClass type : EngineCode.classes()) {
      if (Floors.ROOMS.get(2).contains(Floors.roomOf(type.getPackageName()).orElse(""))) {
        impurities.addAll(Seams.impurities(type));
      }
    }
    assertTrue(impurities.isEmpty(), () -> String.join("\n", impurities));
  }

  @Test
  void everyKindOfLeakIsSeen() {
    Set<String> leaks = Seams.leaks(read(Leaky.class));
    assertEquals(Leaky.LEAK_COUNT, leaks.size(), () -> String.join("\n", leaks));
    assertTrue(Seams.impurities(read(Leaky.class)).size() > leaks.size());
  }

  @Test
  void seededChanceAndPlainBuffersAreNoLeak() {
    assertEquals(Set.of(), Seams.leaks(read(Tight.class)));
    assertEquals(Set.of(), Seams.impurities(read(Tight.class)));
  }

  private static JavaClass read(Class<?> type) {
    return new ClassFileImporter().importClass(type);
  }
}
