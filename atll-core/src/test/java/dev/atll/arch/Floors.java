package dev.atll.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The floors of the engine. A room is a package directly below {@code dev.atll}, with all its
 * subpackages; {@code dev.atll} itself is the room {@link #FRONT_DOOR}. A room may use every room on
 * a lower floor; on its own floor only what is listed here.
 */
final class Floors {
  static final String FRONT_DOOR = "atll";

  /** From the ground up; the index is the floor. */
  static final List<List<String>> ROOMS =
      List.of(
          List.of("base", "api", "env"),
          List.of("record", "wal", "memtable", "sstable", "version", "manifest", "kernel"),
          List.of("policy", "mvcc"),
          List.of("tree", "replay"),
          List.of("write", "flush", "read", "compact", "schedule", "recovery"),
          List.of("engine", FRONT_DOOR));

  static final Set<Arrow> SAME_FLOOR =
      Set.of(
          new Arrow(FRONT_DOOR, "engine"),
          new Arrow("api", "base"),
          new Arrow("env", "api"),
          new Arrow("wal", "record"),
          new Arrow("manifest", "version"),
          new Arrow("manifest", "record"),
          new Arrow("schedule", "compact"),
          new Arrow("recovery", "flush"));

  /** One room using another. */
  record Arrow(String from, String to) implements Comparable<Arrow> {
    @Override
    public int compareTo(Arrow other) {
      int byFrom = from.compareTo(other.from);
      return byFrom != 0 ? byFrom : to.compareTo(other.to);
    }

    @Override
    public String toString() {
      return from + " -> " + to;
    }
  }

  private Floors() {}

  /** The room of a package name, or nothing when it is not the engine's. */
  static Optional<String> roomOf(String packageName) {
    if (packageName.equals("dev.atll")) {
      return Optional.of(FRONT_DOOR);
    }
    if (!packageName.startsWith("dev.atll.")) {
      return Optional.empty();
    }
    String room = packageName.substring("dev.atll.".length()).split("\\.", 2)[0];
    return room.equals("observe") ? Optional.empty() : Optional.of(room);
  }

  /** What is wrong with these arrows; the value is an example of who draws the arrow. */
  static List<String> violations(Map<Arrow, String> arrows) {
    Map<String, Integer> floors = floors();
    List<String> wrong = new ArrayList<>();
    new TreeMap<>(arrows)
        .forEach(
            (arrow, example) -> {
              Integer from = floors.get(arrow.from());
              Integer to = floors.get(arrow.to());
              if (from == null || to == null) {
                String stranger = from == null ? arrow.from() : arrow.to();
                wrong.add("package dev.atll." + stranger + " is on no floor (" + example + ")");
              } else if (to > from) {
                wrong.add(arrow + " points up, from floor " + from + " to " + to + ": " + example);
              } else if (to.equals(from) && !SAME_FLOOR.contains(arrow)) {
                wrong.add(arrow + " is no listed arrow of floor " + from + ": " + example);
              }
            });
    return wrong;
  }

  /**
   * The picture of the code as it is. Arrows to the ground floor are left out: everybody has them,
   * and they would hide the others.
   */
  static String diagram(Set<String> rooms, Set<Arrow> arrows) {
    Map<String, Integer> floors = floors();
    StringBuilder text = new StringBuilder();
    text.append("%% Drawn from the code by FloorsTest; rewrite with -Drewrite=true.\n");
    text.append("%% Any room may use floor 0; those arrows are not drawn.\n");
    text.append("flowchart TB\n");
    for (int floor = ROOMS.size() - 1; floor >= 0; floor--) {
      List<String> built = ROOMS.get(floor).stream().filter(rooms::contains).toList();
      if (!built.isEmpty()) {
        text.append("  subgraph floor").append(floor).append("[floor ").append(floor).append("]\n");
        built.forEach(room -> text.append("    ").append(room).append('\n'));
        text.append("  end\n");
      }
    }
    String drawn =
        arrows.stream()
            .filter(arrow -> floors.get(arrow.to()) > 0 || floors.get(arrow.from()) == 0)
            .sorted()
            .map(arrow -> "  " + arrow.from() + " --> " + arrow.to() + "\n")
            .collect(Collectors.joining());
    return text.append(drawn).toString();
  }

  private static Map<String, Integer> floors() {
    Map<String, Integer> floors = new TreeMap<>();
    for (int floor = 0; floor < ROOMS.size(); floor++) {
      for (String room : ROOMS.get(floor)) {
        floors.put(room, floor);
      }
    }
    return floors;
  }
}
