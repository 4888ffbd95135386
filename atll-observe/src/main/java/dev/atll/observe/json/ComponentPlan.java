package dev.atll.observe.json;

import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.json.JsonParser.Null;
import dev.atll.observe.json.JsonParser.Num;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one component of a record is written and read. */
final class ComponentPlan {
  private enum Kind {
    LONG,
    INT,
    DOUBLE,
    BOOLEAN,
    ENUM,
    LABEL,
    LONGS,
    DOUBLES,
    RECORDS
  }

  private final String name;
  private final Kind kind;
  // Typed (Object)long, (Object)int, (Object)double, (Object)boolean or (Object)Object.
  private final MethodHandle getter;
  // In the order of declaration.
  private final Map<String, Object> constants;
  private final @Nullable RecordPlan element;

  private ComponentPlan(
      String name,
      Kind kind,
      MethodHandle getter,
      Map<String, Object> constants,
      @Nullable RecordPlan element) {
    this.name = name;
    this.kind = kind;
    this.getter = getter;
    this.constants = constants;
    this.element = element;
  }

  static ComponentPlan of(RecordComponent component, MethodHandle accessor) {
    Class<?> type = component.getType();
    Kind kind = kindOf(type);
    Map<String, Object> constants = new LinkedHashMap<>();
    if (kind == Kind.ENUM) {
      for (Object constant : type.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }
    RecordPlan element = null;
    if (kind == Kind.RECORDS) {
      ParameterizedType list = (ParameterizedType) component.getGenericType();
      Class<?> elementType = (Class<?>) list.getActualTypeArguments()[0];
      element = RecordPlan.of(elementType.getSimpleName(), elementType);
    }
    Class<?> returned = type.isPrimitive() ? type : Object.class;
    MethodHandle getter = accessor.asType(MethodType.methodType(returned, Object.class));
    return new ComponentPlan(component.getName(), kind, getter, constants, element);
  }

  private static Kind kindOf(Class<?> type) {
    if (type == long.class) {
      return Kind.LONG;
    } else if (type == int.class) {
      return Kind.INT;
    } else if (type == double.class) {
      return Kind.DOUBLE;
    } else if (type == boolean.class) {
      return Kind.BOOLEAN;
    } else if (type.isEnum()) {
      return Kind.ENUM;
    } else if (type == Label.class) {
      return Kind.LABEL;
    } else if (type == Longs.class) {
      return Kind.LONGS;
    } else if (type == Doubles.class) {
      return Kind.DOUBLES;
    } else if (type == List.class) {
      return Kind.RECORDS;
    }
    throw new LinkageError("events may not carry " + type);
  }

  String name() {
    return name;
  }

  void write(JsonWriter out, Object record) {
    try {
      switch (kind) {
        case LONG -> out.integer((long) getter.invokeExact(record));
        case INT -> out.integer((int) getter.invokeExact(record));
        case DOUBLE -> out.real((double) getter.invokeExact(record));
        case BOOLEAN -> out.raw((boolean) getter.invokeExact(record) ? "true" : "false");
        case ENUM, LABEL, LONGS, DOUBLES, RECORDS ->
            writeObject(out, (Object) getter.invokeExact(record));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void writeObject(JsonWriter out, Object value) {
    switch (value) {
      case Enum<?> constant -> out.quoted(constant.name());
      case Label label -> out.quoted(label.value());
      case Longs longs -> {
        out.raw('[');
        for (int i = 0; i < longs.size(); i++) {
          comma(out, i);
          out.integer(longs.get(i));
        }
        out.raw(']');
      }
      case Doubles doubles -> {
        out.raw('[');
        for (int i = 0; i < doubles.size(); i++) {
          comma(out, i);
          out.real(doubles.get(i));
        }
        out.raw(']');
      }
      case List<?> records -> {
        RecordPlan plan = Objects.requireNonNull(element);
        out.raw('[');
        for (int i = 0; i < records.size(); i++) {
          comma(out, i);
          out.raw('{');
          plan.write(out, Objects.requireNonNull((Object) records.get(i)), true);
          out.raw('}');
        }
        out.raw(']');
      }
      default -> throw new LinkageError("events may not carry " + value.getClass());
    }
  }

  private static void comma(JsonWriter out, int index) {
    if (index > 0) {
      out.raw(',');
    }
  }

  /** What a member is taken to be if an older file lacks it. */
  Object zero() {
    return switch (kind) {
      case LONG -> 0L;
      case INT -> 0;
      case DOUBLE -> Double.NaN;
      case BOOLEAN -> false;
      case ENUM -> constants.values().iterator().next();
      case LABEL -> RecordPlan.NO_LABEL;
      case LONGS -> Longs.empty();
      case DOUBLES -> Doubles.empty();
      case RECORDS -> List.of();
    };
  }

  Object read(RecordPlan owner, Object member, boolean defaults, boolean extras)
      throws TraceFormatException {
    return switch (kind) {
      case LONG -> integer(owner, member);
      case INT -> {
        long value = integer(owner, member);
        if (value != (int) value) {
          throw wrong(owner, "a 32-bit integer", member);
        }
        yield (int) value;
      }
      case DOUBLE -> real(owner, member);
      case BOOLEAN -> {
        if (!(member instanceof Boolean)) {
          throw wrong(owner, "true or false", member);
        }
        yield member;
      }
      case ENUM -> {
        Object constant = member instanceof String text ? constants.get(text) : null;
        if (constant == null) {
          throw new UnknownConstantException(
              owner.name() + "." + name + " is none of " + constants.keySet() + ": " + member);
        }
        yield constant;
      }
      case LABEL -> {
        if (!(member instanceof String text)) {
          throw wrong(owner, "a label", member);
        }
        try {
          yield Label.of(text);
        } catch (IllegalArgumentException e) {
          throw new TraceFormatException(owner.name() + "." + name + ": " + e.getMessage(), e);
        }
      }
      case LONGS -> {
        List<?> list = list(owner, member);
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = integer(owner, list.get(i));
        }
        yield Longs.of(values);
      }
      case DOUBLES -> {
        List<?> list = list(owner, member);
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = real(owner, list.get(i));
        }
        yield Doubles.of(values);
      }
      case RECORDS -> records(owner, list(owner, member), defaults, extras);
    };
  }

  @SuppressWarnings("unchecked") // The parser makes objects of Map<String, Object> only.
  private List<Object> records(RecordPlan owner, List<?> list, boolean defaults, boolean extras)
      throws TraceFormatException {
    RecordPlan plan = Objects.requireNonNull(element);
    List<Object> records = new ArrayList<>(list.size());
    for (Object item : list) {
      if (!(item instanceof Map)) {
        throw wrong(owner, "a list of objects", item);
      }
      records.add(plan.read((Map<String, Object>) item, defaults, extras));
    }
    return records;
  }

  private List<?> list(RecordPlan owner, Object member) throws TraceFormatException {
    if (member instanceof List<?> list) {
      return list;
    }
    throw wrong(owner, "a list", member);
  }

  private long integer(RecordPlan owner, @Nullable Object member) throws TraceFormatException {
    try {
      if (member instanceof Num number) {
        return Long.parseLong(number.text());
      } else if (member instanceof String text) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for everything that is no integer.
    }
    throw wrong(owner, "a 64-bit integer", member);
  }

  private double real(RecordPlan owner, @Nullable Object member) throws TraceFormatException {
    if (member instanceof Num number) {
      return Double.parseDouble(number.text());
    } else if (member == Null.NULL) {
      return Double.NaN;
    } else if ("Infinity".equals(member)) {
      return Double.POSITIVE_INFINITY;
    } else if ("-Infinity".equals(member)) {
      return Double.NEGATIVE_INFINITY;
    }
    throw wrong(owner, "a number", member);
  }

  private TraceFormatException wrong(RecordPlan owner, String wanted, @Nullable Object found) {
    return new TraceFormatException(
        owner.name() + "." + name + " should be " + wanted + ", found " + found);
  }
}
