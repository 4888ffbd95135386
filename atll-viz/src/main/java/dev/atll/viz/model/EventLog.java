package dev.atll.viz.model;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of the event log, and those a viewer has not seen yet. */
final class EventLog implements Section {
  static final int LINES_MAX = 400;
  // More than a person can read in 50 ms by far; the rest is counted.
  static final int LINES_PER_FRAME = 60;

  private final Deque<Numbered> lines = new ArrayDeque<>();
  private final Deque<Numbered> fresh = new ArrayDeque<>();
  private long count;
  private long skipped;

  private record Numbered(long number, long millis, LogLine line) {
    void write(Json json) {
      json.array().value(number).value(millis).value(line.topic().name());
      json.value(line.weight().grade).value(line.level()).value(line.slot());
      json.value(line.text()).endArray();
    }
  }

  void add(long millis, LogLine line) {
    Numbered numbered = new Numbered(++count, millis, line);
    push(lines, numbered, LINES_MAX);
    if (push(fresh, numbered, LINES_PER_FRAME)) {
      skipped++;
    }
  }

  int size() {
    return lines.size();
  }

  private static boolean push(Deque<Numbered> deque, Numbered line, int max) {
    deque.addLast(line);
    if (deque.size() <= max) {
      return false;
    }
    deque.removeFirst();
    return true;
  }

  @Override
  public boolean dirty() {
    return !fresh.isEmpty();
  }

  @Override
  public void writeFull(Json json) {
    write(json, lines);
  }

  @Override
  public void writeDelta(Json json) {
    if (skipped > 0) {
      json.name("logSkipped").value(skipped);
    }
    write(json, fresh);
    fresh.clear();
    skipped = 0;
  }

  private static void write(Json json, Deque<Numbered> lines) {
    json.name("log").array();
    lines.forEach(line -> line.write(json));
    json.endArray();
  }
}
