package dev.atll.viz.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folds frames as the page does. */
final class FoldedTree {
  private final Map<Integer, List<List<Object>>> levels = new TreeMap<>();
  private final Map<String, Object> last = new HashMap<>();

  void fold(Map<String, Object> frame) {
    last.putAll(frame);
    if (!(frame.get("tree") instanceof Map<?, ?> tree)) {
      return;
    }
    rows(tree.get("cuts")).forEach(this::cut);
    for (List<Object> row : rows(tree.get("slots"))) {
      List<List<Object>> level = levels.computeIfAbsent((Integer) row.get(0), _ -> new ArrayList<>());
      int at = at(level, (Integer) row.get(1));
      if (at >= 0) {
        level.set(at, row);
      } else {
        level.add(row);
      }
    }
    for (List<Object> mood : rows(tree.get("moods"))) {
      List<List<Object>> level = levels.get((Integer) mood.get(0));
      List<Object> row = level.get(at(level, (Integer) mood.get(1)));
      row.set(6, mood.get(2));
      row.set(8, mood.get(3));
    }
  }

  private void cut(List<Object> cut) {
    List<List<Object>> level =
        levels.computeIfAbsent((Integer) cut.get(0), _ -> new ArrayList<>());
    int at = (Integer) cut.get(1);
    List<List<Object>> removed = level.subList(at, at + (Integer) cut.get(2));
    removed.clear();
    int shift = (Integer) cut.get(3);
    level.subList(at, level.size()).forEach(row -> row.set(1, (Integer) row.get(1) + shift));
    level.addAll(at, rows(cut.get(4)));
  }

  private static int at(List<List<Object>> level, int slot) {
    for (int i = 0; i < level.size(); i++) {
      if (level.get(i).get(1).equals(slot)) {
        return i;
      }
    }
    return -1;
  }

  @SuppressWarnings("unchecked")
  private static List<List<Object>> rows(Object value) {
    List<List<Object>> rows = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(row -> rows.add(new ArrayList<>((List<Object>) row)));
    }
    return rows;
  }

  /** All slots without their burdens, which frames round more coarsely than a full picture. */
  Map<String, List<?>> slots() {
    Map<String, List<?>> exact = new TreeMap<>();
    levels
        .values()
        .forEach(
            level ->
                level.forEach(
                    row ->
                        exact.put(
                            row.get(0) + "·" + row.get(1),
                            Stream.concat(row.subList(0, 9).stream(), row.subList(11, 14).stream())
                                .toList())));
    return exact;
  }

  Object last(String name) {
    return last.get(name);
  }
}
