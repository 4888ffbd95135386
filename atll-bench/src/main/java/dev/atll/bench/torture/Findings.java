package dev.atll.bench.torture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Everything that should not have happened, counted by kind; the first of them in words. */
final class Findings {
  private static final int DESCRIBED_MAX = 20;

  /** Kinds of failure. */
  enum Kind {
    /** An acknowledged write is gone, or an older value is back. */
    LOST("lost"),
    /** A batch is there in part, or a write is gone although a later one is there. */
    HOLE("holes"),
    /** A value nobody wrote, or two reads of one state that differ. */
    WRONG("wrong answers"),
    /** The store could not be opened, or its process ended by itself. */
    REFUSED("refused opens");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final List<String> described = new ArrayList<>();

  void add(Kind kind, String what) {
    counts.merge(kind, 1L, Long::sum);
    if (described.size() < DESCRIBED_MAX) {
      described.add(kind + ": " + what);
    }
  }

  long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  boolean isEmpty() {
    return described.isEmpty();
  }

  /** The first findings in words. */
  List<String> described() {
    return List.copyOf(described);
  }
}
