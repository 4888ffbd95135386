package dev.atll.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one row of {@link OptionTable} says holds wherever the option shows. */
class OptionTableTest {
  private static final Path ROOT = Path.of(System.getProperty("atll.rootdir"));

  @TempDir Path temp;

  private static Method setter(OptionRow<?> row) {
    for (Method method : Options.Builder.class.getMethods()) {
      if (method.getName().equals(row.name()) && method.getParameterCount() == 1) {
        return method;
      }
    }
    throw new AssertionError("no setter " + row.name());
  }

  private static void set(Options.Builder builder, OptionRow<?> row, Object value) {
    try {
      setter(row).invoke(builder, value);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new AssertionError(e);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private record Beyond(OptionRow<?> row, Object value, String text) {}

  private static <T extends Comparable<? super T>> void addBeyond(
      List<Beyond> all, OptionRow<T> row) {
    row.beyond(
        (value, why) -> {
          boolean zeroIsOff = row.allowed().contains("(0)") && value.equals(row.kind().zero());
          T next = zeroIsOff ? row.kind().before(value) : value;
          all.add(new Beyond(row, next, row.kind().text(next)));
        });
  }

  @Test
  void whatIsJustOutsideARangeIsRefusedByNameValueAndRangeAndNothingIsMade() throws IOException {
    List<Beyond> all = new ArrayList<>();
    OptionTable.ROWS.forEach(row -> addBeyond(all, row));
    assertTrue(all.size() > 60, "only " + all.size());
    Path directory = temp.resolve("store");
    for (Beyond one : all) {
      String name = one.row().name();
      InvalidInputException typed =
          assertThrows(
              InvalidInputException.class,
              () -> {
                Options.Builder builder = Options.builder();
                set(builder, one.row(), one.value());
                Atll.open(directory, builder.build()).close();
              },
              name + " = " + one.value());
      InvalidInputException text =
          assertThrows(
              InvalidInputException.class,
              () -> Options.builder().set(name, one.text()),
              name + " = " + one.text());
      for (InvalidInputException e : List.of(typed, text)) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(name), message);
        assertTrue(message.contains(one.text()), message);
        assertTrue(message.contains(one.row().allowed()), message);
      }
    }
    assertTrue(Files.notExists(directory), "a directory was made");
  }

  @Test
  void contradictionsAndNamesOfNothingAreRefusedWhenOptionsAreBuilt() {
    List<List<String>> wrong =
        List.of(
            List.of("levelZeroSlow", "13"),
            List.of("policy", "none-such"),
            List.of("policy", "leveled:none=1"),
            List.of("policy", "Not A Name"),
            List.of("scheduler", "none-such"),
            List.of("scheduler", "epsilon-greedy:e=7"),
            List.of("learner", "none-such"),
            List.of("unitCosts", "cheap"),
            List.of("unitCosts", "1/2/3/0/0"),
            List.of("unitCosts", "1/2/3/4/-5"));
    for (List<String> one : wrong) {
      Options.Builder builder = Options.builder().set(one.get(0), one.get(1));
      InvalidInputException e =
          assertThrows(InvalidInputException.class, builder::build, one::toString);
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("option " + one.get(0) + " = " + one.get(1)),
          e.getMessage());
    }
  }

  @Test
  void theEndsOfEachRangeAreAllowed() {
    Options.Builder builder = Options.builder();
    for (OptionRow<?> row : OptionTable.ROWS) {
      if (row.low() != null) {
        set(builder, row, row.low());
      }
    }
    Options low = builder.build();
    assertEquals(Duration.ofMillis(1), low.deleteDeadline());
    for (OptionRow<?> row : OptionTable.ROWS) {
      if (row.high() != null) {
        set(builder, row, row.high());
      }
    }
    assertEquals(100, builder.build().fanout());
  }

  @Test
  void offHasOneSpelling() {
    int off = 0;
    for (OptionRow<?> row : OptionTable.ROWS) {
      if (row.allowed().startsWith("off")) {
        off++;
        Options.Builder typed = Options.builder();
        set(typed, row, row.kind().zero());
        Options options = Options.builder().set(row.name(), "off").build();
        assertTrue(options.describe().lines().toList().contains(row.name() + " = off"), row.name());
        assertEquals(options.describe(), typed.build().describe());
      } else if (!row.name().equals("learner")) {
        assertThrows(
            InvalidInputException.class,
            () -> Options.builder().set(row.name(), "off").build(),
            row.name());
      }
    }
    assertEquals(10, off);
    assertEquals(Options.OFF, Options.defaults().deleteDeadline());
    assertEquals(0, Options.defaults().compaction().deleteDeadlineMillis());
    assertEquals(0, Options.defaults().runsPerReadMax());
  }

  @Test
  void whatIsDescribedCanBeSet() {
    Options options =
        Options.builder()
            .memtableBytes(48 << 20)
            .memtableAge(Duration.ofMillis(1500))
            .deleteDeadline(Duration.ofDays(3))
            .filterBitsPerKey(7.25)
            .compression(Options.Compression.LZ4)
            .durability(Durability.OS)
            .policy("fluid:K=3,Z=2")
            .learner("linucb")
            .decisionSeed(-5)
            .build();
    Options.Builder copy = Options.builder();
    for (String line : options.describe().lines().toList()) {
      int equals = line.indexOf(" = ");
      copy.set(line.substring(0, equals), line.substring(equals + 3));
    }
    assertEquals(options.describe(), copy.build().describe());
    assertEquals(options.describe(), options.toBuilder().build().describe());
    assertEquals(Duration.ofMillis(1500), copy.build().write().memtableAge());
  }

  @Test
  void rowsComponentsGettersAndSettersAreTheSame() throws ReflectiveOperationException {
    Set<String> rows = new TreeSet<>();
    Options options = Options.defaults();
    for (OptionRow<?> row : OptionTable.ROWS) {
      assertTrue(rows.add(row.name()), row.name());
      Object group = Options.class.getMethod(row.group()).invoke(options);
      Object held = group.getClass().getMethod(row.name()).invoke(group);
      assertEquals(row.otherwise(), held, row.name());
      if (!row.name().equals("slotBytes")) {
        assertEquals(held, Options.class.getMethod(row.name()).invoke(options), row.name());
      }
      assertEquals(
          options.getClass().getMethod(row.name()).getReturnType(),
          setter(row).getParameterTypes()[0],
          row.name());
    }
    Set<String> components = new TreeSet<>();
    for (Class<?> nested : Options.class.getDeclaredClasses()) {
      if (nested.isRecord()) {
        int more = nested.getRecordComponents().length;
        assertTrue(more <= 8, nested + " has " + more + " components");
        for (RecordComponent component : nested.getRecordComponents()) {
          components.add(component.getName());
        }
      }
    }
    assertTrue(components.remove("splitKeys"));
    assertEquals(rows, components);
    assertEquals(List.copyOf(rows), Options.names());
  }

  @Test
  void theSettersSayWhatTheTableSays() throws IOException {
    String source =
        Files.readString(ROOT.resolve("atll-core/src/main/java/dev/atll/api/Options.java"));
    for (OptionRow<?> row : OptionTable.ROWS) {
      Matcher found =
          Pattern.compile("/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s+public Builder " + row.name() + "\\(")
              .matcher(source);
      assertTrue(found.find(), row.name());
      String said = found.group(1).replaceAll("\\n\\s*\\* ?", " ").strip().replaceAll("\\s+", " ");
      assertEquals(row.doc() + "; " + row.allowed() + ".", said);
    }
  }

  @Test
  void theDocumentationIsThatOfTheTable() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Options

            Written from `OptionTable` by `OptionTableTest`; rewrite with `-Drewrite=true`. Set in code by
            `Options.builder().fanout(4)`, as text by `Options.builder().set("fanout", "4")` and by `--set
            fanout=4` on the command line. Whole numbers take the suffixes k, m, g (1024 each); durations are
            written `200ms`, `30s`, `5m`, `2h`, `1d` or in ISO form. In code `off` is 0 for a
            number and `Options.OFF` for a duration, `auto` is 0. All is checked when options are built, before a
            file is touched.
            """);
    String group = "";
    for (OptionRow<?> row : OptionTable.ROWS) {
      if (!row.group().equals(group)) {
        group = row.group();
        text.append("\n## ").append(group).append("\n\n");
        text.append("| Option | Type | Range | Default | What it is |\n|---|---|---|---|---|\n");
      }
      text.append("| `").append(row.name()).append("` | ").append(row.kind().name());
      text.append(" | ").append(row.allowed()).append(" | ").append(row.otherwiseText());
      text.append(" | ").append(row.doc()).append(". |\n");
    }
    text.append(
        """

        ## Only in code

        `splitKey(byte[])` adds a guard that a new store starts with; it must not be empty. Guards grow by
        themselves, so that few stores need one.

        ## Rules across options

        - `levelZeroSlow` is at most `levelZeroMax`.
        - `policy`, `scheduler`, `learner` and `unitCosts` must name something, with parameters in their ranges.
        """);
    Path golden = ROOT.resolve("context/options.md");
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(golden, text);
    }
    assertEquals(
        Files.readString(golden),
        text.toString(),
        "options have changed; accept with: mvn test -pl atll-core -am -Dtest=OptionTableTest"
            + " -Drewrite=true");
    assertFalse(text.toString().contains("null"));
  }
}
