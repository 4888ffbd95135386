package dev.atll.viz.model;

import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionCause;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FileKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is broken: damage by its place, spans put aside, and why the store refuses writes. */
final class Troubles {
  private static final int PLACES_MAX = 8;
  private static final int SPANS_MAX = 16;

  private final Deque<Damage> places = new ArrayDeque<>();
  // Spans whose merges failed, by level and where they begin.
  private final Map<Span, Aside> aside = new LinkedHashMap<>();
  private long damages;
  private EngineEvent.@Nullable Poisoned poison;
  private long poisonMillis;

  private static final class Damage {
    final FileKind file;
    final long number;
    final long offset;
    final CorruptionCause cause;
    long millis;
    // Each read that meets it finds it again.
    long times;

    Damage(CorruptionEvent.Detected e) {
      file = e.file();
      number = e.fileNumber();
      offset = e.offset();
      cause = e.cause();
    }

    boolean is(CorruptionEvent.Detected e) {
      return file == e.file()
          && number == e.fileNumber()
          && offset == e.offset()
          && cause == e.cause();
    }
  }

  void found(CorruptionEvent.Detected event, long millis) {
    damages++;
    Damage damage = null;
    for (Damage known : places) {
      if (known.is(event)) {
        damage = known;
      }
    }
    if (damage == null) {
      damage = new Damage(event);
    } else {
      places.remove(damage);
    }
    damage.millis = millis;
    damage.times++;
    places.addFirst(damage);
    if (places.size() > PLACES_MAX) {
      places.removeLast();
    }
  }

  private record Span(int level, double lowFraction) {}

  private record Aside(CompactionEvent.Quarantined event, long millis) {}

  void apply(CompactionEvent.Quarantined event, long millis) {
    Span span = new Span(event.level(), event.lowFraction());
    aside.remove(span);
    aside.put(span, new Aside(event, millis));
    if (aside.size() > SPANS_MAX) {
      aside.remove(aside.keySet().iterator().next());
    }
  }

  /** Whatever lies within the span that was merged is well again. */
  void apply(CompactionEvent.Released event) {
    aside
        .keySet()
        .removeIf(
            span ->
                span.level == event.level()
                    && span.lowFraction >= event.lowFraction()
                    && span.lowFraction <= event.highFraction());
  }

  void poisoned(EngineEvent.Poisoned event, long millis) {
    poison = event;
    poisonMillis = millis;
  }

  /** A store that was opened again takes writes; its damage is where it was. */
  void opened() {
    poison = null;
    aside.clear();
  }

  void write(Json json) {
    json.name("damages").value(damages).name("damage").array();
    for (Damage d : places) {
      json.array().value(d.file.name()).value(d.number).value(d.offset).value(d.cause.name());
      json.value(d.millis).value(d.times).endArray();
    }
    json.endArray();
    json.name("aside").array();
    for (Aside a : aside.values()) {
      CompactionEvent.Quarantined e = a.event;
      json.array().value(e.level()).value(e.slot()).value(e.cause().name());
      json.value(e.failures()).value(a.millis + e.nanos() / 1_000_000).endArray();
    }
    json.endArray();
    EngineEvent.Poisoned p = poison;
    if (p != null) {
      json.name("poison").array().value(p.cause().name()).value(p.file().name());
      json.value(p.fileNumber()).value(poisonMillis).endArray();
    }
  }
}
