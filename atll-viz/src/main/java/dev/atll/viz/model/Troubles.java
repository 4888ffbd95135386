package dev.atll.viz.model;

import dev.atll.observe.event.CorruptionCause;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FileKind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is broken: damage by its place, and why the store refuses writes. */
final class Troubles {
  private static final int PLACES_MAX = 8;

  private final Deque<Damage> places = new ArrayDeque<>();
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

  void poisoned(EngineEvent.Poisoned event, long millis) {
    poison = event;
    poisonMillis = millis;
  }

  /** A store that was opened again takes writes; its damage is where it was. */
  void opened() {
    poison = null;
  }

  void write(Json json) {
    json.name("damages").value(damages).name("damage").array();
    for (Damage d : places) {
      json.array().value(d.file.name()).value(d.number).value(d.offset).value(d.cause.name());
      json.value(d.millis).value(d.times).endArray();
    }
    json.endArray();
    EngineEvent.Poisoned p = poison;
    if (p != null) {
      json.name("poison").array().value(p.cause().name()).value(p.file().name());
      json.value(p.fileNumber()).value(poisonMillis).endArray();
    }
  }
}
