package dev.atll.viz.model;

import java.util.HashMap;
import java.util.Map;

/** When each file was first seen, so that runs can be shown with their age. */
final class RunBirths {
  private Map<Long, Integer> secondsByFile = new HashMap<>();

  /** Begins the files of a new shape; those it does not name are forgotten. */
  Round round(long nowMillis) {
    return new Round((int) (nowMillis / 1_000));
  }

  int secondsOf(long file) {
    return secondsByFile.getOrDefault(file, 0);
  }

  int size() {
    return secondsByFile.size();
  }

  final class Round {
    private final int nowSeconds;
    private final Map<Long, Integer> kept = new HashMap<>();

    private Round(int nowSeconds) {
      this.nowSeconds = nowSeconds;
    }

    void saw(long file) {
      kept.put(file, secondsByFile.getOrDefault(file, nowSeconds));
    }

    void end() {
      secondsByFile = kept;
    }
  }
}
