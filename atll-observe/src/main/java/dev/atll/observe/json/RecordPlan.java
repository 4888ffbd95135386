package dev.atll.observe.json;

import dev.atll.observe.event.Label;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How one class of record is written and read: found once by reflection, then kept. */
final class RecordPlan {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

  private final String name;
  private final List<ComponentPlan> components;
  private final MethodHandle constructor;

  private RecordPlan(String name, List<ComponentPlan> components, MethodHandle constructor) {
    this.name = name;
    this.components = components;
    this.constructor = constructor;
  }

  static RecordPlan of(String name, Class<?> type) {
    RecordComponent[] parts = type.getRecordComponents();
    List<ComponentPlan> components = new ArrayList<>();
    Class<?>[] types = new Class<?>[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        types[i] = parts[i].getType();
        components.add(ComponentPlan.of(parts[i], LOOKUP.unreflect(parts[i].getAccessor())));
      }
      MethodHandle constructor =
          LOOKUP
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, parts.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
      return new RecordPlan(name, List.copyOf(components), constructor);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("an event cannot be reflected: " + name, e);
    }
  }

  String name() {
    return name;
  }

  List<String> componentNames() {
    return components.stream().map(ComponentPlan::name).toList();
  }

  /** Writes the components as members of an object that is already open. */
  void write(JsonWriter out, Object record, boolean first) {
    for (ComponentPlan component : components) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      out.quoted(component.name());
      out.raw(':');
      component.write(out, record);
    }
  }

  /**
   * Builds the record out of parsed members, which it removes.
   *
   * @param defaults true if a missing member takes its type's zero
   * @param extras true if members without component are ignored
   */
  Object read(Map<String, Object> members, boolean defaults, boolean extras)
      throws TraceFormatException {
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      ComponentPlan component = components.get(i);
      Object member = members.remove(component.name());
      if (member != null) {
        values[i] = component.read(this, member, defaults, extras);
      } else if (defaults) {
        values[i] = component.zero();
      } else {
        throw new TraceFormatException(name + " lacks \"" + component.name() + "\"");
      }
    }
    if (!extras && !members.isEmpty()) {
      throw new TraceFormatException(name + " has unknown members " + members.keySet());
    }
    try {
      return constructor.invokeExact(values);
    } catch (IllegalArgumentException e) {
      throw new TraceFormatException(name + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The label that stands for "not recorded" in members that an older file lacks. */
  static final Label NO_LABEL = Label.of("none");
}
