package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A null is refused by name, with nothing done, wherever its meaning is not written down. */
class NullRulesTest {
  @TempDir Path temp;

  /** One value of each type that a parameter of the public vocabulary has. */
  private Map<Class<?>, Object> samples(Env env) {
    Function<Object, Object> view = value -> value;
    return Map.ofEntries(
        Map.entry(byte[].class, new byte[] {1}),
        Map.entry(KeyRange.class, KeyRange.all()),
        Map.entry(WriteBatch.class, new WriteBatch()),
        Map.entry(Durability.class, Durability.OS),
        Map.entry(Duration.class, Duration.ofMillis(1)),
        Map.entry(String.class, "atll"),
        Map.entry(Function.class, view),
        Map.entry(List.class, List.of(new byte[] {1})),
        Map.entry(Options.FilterAllocation.class, Options.FilterAllocation.BY_NEED),
        Map.entry(Options.Compression.class, Options.Compression.NONE),
        Map.entry(Options.class, Options.defaults()),
        Map.entry(Observer.class, Observer.none()),
        Map.entry(Path.class, temp.resolve("made")),
        Map.entry(Env.class, env),
        Map.entry(long.class, 1L),
        Map.entry(int.class, 1));
  }

  @Test
  void everyNullIsRefusedByItsNameUnlessItMeansSomething() throws Exception {
    Env env = Env.system();
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    try (AtllDb db = Atll.open(temp.resolve("s"));
        Snapshot snapshot = db.snapshot();
        Cursor cursor = db.cursor(KeyRange.all())) {
      Map<Class<?>, Object> samples = samples(env);
      for (Class<?> type : List.of(Atll.class, KeyRange.class, WriteBatch.class)) {
        for (Method method : type.getDeclaredMethods()) {
          if (Modifier.isPublic(method.getModifiers())) {
            boolean fixed = Modifier.isStatic(method.getModifiers());
            Object target = fixed || type == KeyRange.class ? KeyRange.all() : new WriteBatch();
            tried += tryNulls(method, fixed ? null : target, samples, wrong);
          }
        }
      }
      tried += tryNulls(KeyRange.class.getDeclaredConstructors()[0], null, samples, wrong);
      Map<Class<?>, Object> targets =
          Map.of(
              AtllDb.class, db,
              Snapshot.class, snapshot,
              Cursor.class, cursor,
              Options.Builder.class, Options.builder());
      for (Map.Entry<Class<?>, Object> target : targets.entrySet()) {
        for (Method method : target.getKey().getMethods()) {
          if (method.getDeclaringClass() != Object.class) {
            tried += tryNulls(method, target.getValue(), samples, wrong);
          }
        }
      }
      assertEquals(0, db.visibleRevision());
    } finally {
      env.workers().close();
    }
    assertEquals(List.of(), wrong);
    assertTrue(tried > 50, "nulls tried: " + tried);
    assertTrue(Files.notExists(temp.resolve("made")), "a refused call has made a directory");
  }

  private static int tryNulls(
      Executable call, @Nullable Object target, Map<Class<?>, Object> samples, List<String> wrong)
      throws IllegalAccessException, InstantiationException {
    Parameter[] parameters = call.getParameters();
    int tried = 0;
    for (int i = 0; i < parameters.length; i++) {
      Parameter parameter = parameters[i];
      // Of a record's own constructor the compiler keeps the marks with the components.
      AnnotatedType type =
          call.getDeclaringClass().isRecord() && call instanceof Constructor<?>
              ? call.getDeclaringClass().getRecordComponents()[i].getAnnotatedType()
              : parameter.getAnnotatedType();
      if (parameter.getType().isPrimitive()
          || type.isAnnotationPresent(Nullable.class)
          || call.getName().equals("equals")) {
        continue;
      }
      Object[] arguments = new Object[parameters.length];
      for (int j = 0; j < arguments.length; j++) {
        Object sample = samples.get(parameters[j].getType());
        assertTrue(sample != null, () -> "no sample for " + call);
        arguments[j] = j == i ? null : sample;
      }
      tried++;
      String refused = refusal(call, target, arguments);
      // A setter's parameter is known by the name of its option.
      boolean setter =
          call.getDeclaringClass() == Options.Builder.class && parameters.length == 1;
      String name = setter ? call.getName() : sourceNames(call).get(i);
      if (!name.equals(refused)) {
        wrong.add(call + ", " + name + " = null: " + refused);
      }
    }
    return tried;
  }

  /** The names of a call's parameters, which its class file does not tell, from its source. */
  private static List<String> sourceNames(Executable call) {
    Class<?> type = call.getDeclaringClass();
    Class<?> outer = type.getNestHost();
    if (type.isRecord() && call instanceof Constructor<?>) {
      return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    }
    String source;
    try {
      source =
          Files.readString(
              Path.of(System.getProperty("atll.basedir"))
                  .resolve("src/main/java/" + outer.getName().replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher declared =
        Pattern.compile("[\\w>\\]] " + call.getName() + "\\(([^()]*)\\)").matcher(source);
    while (declared.find()) {
      List<String> names = new ArrayList<>();
      boolean same = true;
      String plain =
          declared.group(1).replaceAll("<[^<>]*>|@\\w+", "").replaceAll("\\s+\\[", "[");
      for (String one : plain.split(",", -1)) {
        String[] words = one.strip().split("\\s+", -1);
        int at = names.size();
        same &=
            words.length >= 2
                && at < call.getParameterCount()
                && words[words.length - 2].equals(call.getParameterTypes()[at].getSimpleName());
        names.add(words[words.length - 1]);
      }
      if (same && names.size() == call.getParameterCount()) {
        return names;
      }
    }
    throw new AssertionError("not in its source: " + call);
  }

  /** The message of the NullPointerException, or what happened instead of one. */
  private static String refusal(Executable call, @Nullable Object target, Object[] arguments)
      throws IllegalAccessException, InstantiationException {
    try {
      if (call instanceof Method method) {
        method.invoke(target, arguments);
      } else {
        ((Constructor<?>) call).newInstance(arguments);
      }
      return "accepted";
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      return thrown instanceof NullPointerException
          ? String.valueOf(thrown.getMessage())
          : String.valueOf(thrown);
    }
  }
}
