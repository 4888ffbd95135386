package dev.atll.observe.event;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What reflection tells about the event hierarchy. */
public final class EventShapes {
  private EventShapes() {}

  /** Every concrete event, group by group. */
  public static List<Class<?>> events() {
    List<Class<?>> events = new ArrayList<>();
    for (Class<?> group : VizEvent.class.getPermittedSubclasses()) {
      events.addAll(List.of(group.getPermittedSubclasses()));
    }
    return events;
  }

  /** Records that events are made of, besides events themselves. */
  static Set<Class<?>> parts() {
    Set<Class<?>> parts = new LinkedHashSet<>();
    for (Class<?> event : events()) {
      for (RecordComponent component : event.getRecordComponents()) {
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType list
            && list.getActualTypeArguments()[0] instanceof Class<?> element) {
          parts.add(element);
        }
      }
    }
    return parts;
  }
}
