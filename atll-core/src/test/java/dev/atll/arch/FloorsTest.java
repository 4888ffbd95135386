package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.atll.arch.Floors.Arrow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The engine's packages use each other only as the table in {@link Floors} says. */
class FloorsTest {
  /** All that the engine may be built on. */
  // com.sun.management: an API of the JDK; it alone tells a container's memory and descriptors.
  private static final List<String> FOUNDATIONS =
      List.of("java.", "com.sun.management.", "dev.atll.observe", "org.jspecify.");

  @Test
  void arrowsPointDown() {
    List<String> wrong = Floors.violations(arrows());
    assertTrue(
        wrong.isEmpty(),
        () -> String.join("\n", wrong) + "\nTurn the arrow, or meet at a queue that engine wires.");
  }

  @Test
  void theEngineStandsOnTheJdkAlone() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : EngineCode.classes()) {
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        JavaClass target = use.getTargetClass().getBaseComponentType();
        String name = target.getName();
        if (!target.isPrimitive()
            && Floors.roomOf(target.getPackageName()).isEmpty()
            && FOUNDATIONS.stream().noneMatch(name::startsWith)) {
          wrong.add(type.getName() + " uses " + name);
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  @Test
  void theDiagramShowsTheCodeAsItIs() throws IOException {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass type : EngineCode.classes()) {
      Floors.roomOf(type.getPackageName()).ifPresent(rooms::add);
    }
    String drawn = Floors.diagram(rooms, arrows().keySet());
    Path golden = EngineCode.rootDirectory().resolve("context/diagrams/packages.mmd");
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(golden, drawn);
    }
    assertEquals(
        Files.readString(golden),
        drawn,
        "the packages have changed; accept with: mvn test -pl atll-core -am -Dtest=FloorsTest"
            + " -Drewrite=true");
  }

  @Test
  void theTableIsSound() {
    Set<String> rooms = new TreeSet<>();
    Floors.ROOMS.forEach(floor -> floor.forEach(room -> assertTrue(rooms.add(room), room)));
    // A listed arrow must be needed as such: between two rooms of one floor, and never both ways.
    for (Arrow arrow : Floors.SAME_FLOOR) {
      assertTrue(
          Floors.ROOMS.stream()
              .anyMatch(f -> f.contains(arrow.from()) && f.contains(arrow.to())),
          arrow::toString);
      assertFalse(
          Floors.SAME_FLOOR.contains(new Arrow(arrow.to(), arrow.from())), arrow::toString);
    }
  }

  @Test
  void forbiddenArrowsAreSeen() {
    assertEquals(1, violationsOf("version", "sstable"));
    assertEquals(1, violationsOf("wal", "engine"));
    assertEquals(1, violationsOf("policy", "mvcc"));
    assertEquals(1, violationsOf("base", "api"));
    assertEquals(1, violationsOf("nowhere", "base"));
    assertEquals(1, violationsOf("engine", "nowhere"));
    assertEquals(0, violationsOf("schedule", "compact"));
    assertEquals(1, violationsOf("compact", "read"));
    assertEquals(0, violationsOf("engine", "base"));
    assertEquals(0, violationsOf(Floors.FRONT_DOOR, "engine"));
  }

  private static int violationsOf(String from, String to) {
    return Floors.violations(Map.of(new Arrow(from, to), "an example")).size();
  }

  private static Map<Arrow, String> arrows() {
    Map<Arrow, String> arrows = new TreeMap<>();
    for (JavaClass type : EngineCode.classes()) {
      String from = Floors.roomOf(type.getPackageName()).orElseThrow();
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        JavaClass target = use.getTargetClass().getBaseComponentType();
        Floors.roomOf(target.getPackageName())
            .filter(to -> !to.equals(from))
            .ifPresent(to -> arrows.putIfAbsent(new Arrow(from, to), use.getDescription()));
      }
    }
    return arrows;
  }
}
