package dev.atll.observe.event;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random values of every event type, with the numbers that are likely to break something. */
public final class RandomEvents {
  private static final long[] LONGS = {
    0, 1, -1, 9, 10, (1L << 53) - 1, 1L << 53, -(1L << 53), Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0,
    -0.0,
    1,
    0.1,
    1e-300,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    1e17,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final String LABEL_CHARS = "abcXYZ019._-";

  private final SplittableRandom random;

  public RandomEvents(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A random event of any type. */
  public VizEvent next() {
    List<Class<?>> events = EventShapes.events();
    return next(events.get(random.nextInt(events.size())));
  }

  /** A random event of one type. */
  public VizEvent next(Class<?> type) {
    return (VizEvent) record(type);
  }

  public Label label() {
    StringBuilder text = new StringBuilder("p");
    for (int i = random.nextInt(Label.LENGTH_MAX); i > 0; i--) {
      text.append(LABEL_CHARS.charAt(random.nextInt(LABEL_CHARS.length())));
    }
    return Label.of(text.toString());
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    int size = random.nextInt(5);
    int candidates = -1;
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i], size);
      if (components[i].getName().equals("candidates")) {
        candidates = ((List<?>) values[i]).size();
      }
      // The two components whose records refuse some values.
      if (components[i].getName().equals("chosen")) {
        values[i] = random.nextInt(candidates + 1) - 1;
      } else if (components[i].getName().equals("propensity")) {
        values[i] = 1 - random.nextDouble();
      }
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " refuses its random values", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object value(RecordComponent component, int size) {
    Class<?> type = component.getType();
    if (type == long.class) {
      return longValue();
    } else if (type == int.class) {
      return (int) longValue();
    } else if (type == double.class) {
      return doubleValue();
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == Label.class) {
      return label();
    } else if (type == Longs.class) {
      return Longs.of(random.longs(size).toArray());
    } else if (type == Doubles.class) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = doubleValue();
      }
      return Doubles.of(values);
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    } else if (type == List.class) {
      ParameterizedType list = (ParameterizedType) component.getGenericType();
      List<Object> records = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        records.add(record((Class<?>) list.getActualTypeArguments()[0]));
      }
      return records;
    }
    throw new IllegalStateException("no random " + type);
  }

  private long longValue() {
    return random.nextInt(3) == 0
        ? LONGS[random.nextInt(LONGS.length)]
        : random.nextLong() >> random.nextInt(64);
  }

  private double doubleValue() {
    return random.nextInt(3) == 0
        ? DOUBLES[random.nextInt(DOUBLES.length)]
        : Double.longBitsToDouble(random.nextLong());
  }
}
