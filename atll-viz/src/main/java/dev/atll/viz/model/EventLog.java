package dev.atll.viz.model;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of the event log, and those a viewer has not seen yet. */
final class EventLog implements Section {
  static final int LINES_MAX = 400;
  // A burst of this many lines passes whole, and in the long run so many a second: more than a
  // person can read by far. The rest is counted.
  static final int LINES_PER_FRAME = 60;
  private static final double LINES_PER_SECOND = 40;

  private final Deque<Numbered> lines = new ArrayDeque<>();
  private final Deque<Numbered> fresh = new ArrayDeque<>();
  private final Allowance allowance = new Allowance(LINES_PER_SECOND, LINES_PER_FRAME);
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

  // Lines go oldest first; what is wrong is told whatever the ration.
  private boolean room() {
    return allowance.has(fresh.size());
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
  public void writeDelta(Json json, long nowMillis) {
    allowance.advance(nowMillis);
    while (!fresh.isEmpty() && fresh.peekFirst().line().weight().grade < 2 && !room()) {
      fresh.removeFirst();
      skipped++;
    }
    allowance.take(fresh.size());
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
