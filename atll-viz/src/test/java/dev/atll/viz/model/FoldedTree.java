package dev.atll.viz.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Folds frames as the page does. */
final class FoldedTree {
  private final Map<String, List<?>> slots = new TreeMap<>();
  private final Map<String, Object> last = new HashMap<>();

  void fold(Map<String, Object> frame) {
    last.putAll(frame);
    if (!(frame.get("tree") instanceof Map<?, ?> tree)) {
      return;
    }
    if (tree.get("reset") instanceof List<?> levels) {
      levels.forEach(level -> slots.keySet().removeIf(key -> key.startsWith(level + "·")));
    }
    for (Object each : (List<?>) tree.get("slots")) {
      List<?> row = (List<?>) each;
      slots.put(row.get(0) + "·" + row.get(1), row);
    }
  }

  /** All slots without their burdens, which frames round more coarsely than a full picture. */
  Map<String, List<?>> slots() {
    Map<String, List<?>> exact = new TreeMap<>();
    slots.forEach(
        (key, row) ->
            exact.put(
                key,
                java.util.stream.Stream.concat(
                        row.subList(0, 9).stream(), row.subList(11, 14).stream())
                    .toList()));
    return exact;
  }

  Object last(String name) {
    return last.get(name);
  }
}
