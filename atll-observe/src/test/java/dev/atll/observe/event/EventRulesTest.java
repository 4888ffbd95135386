package dev.atll.observe.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.RepoFiles;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventRulesTest {
  /** The only component types an event may have, besides enums and lists of records of these. */
  private static final Set<Class<?>> ALLOWED =
      Set.of(
          long.class,
          int.class,
          double.class,
          boolean.class,
          Label.class,
          Longs.class,
          Doubles.class);

  @Test
  void eventsAreRecordsThatBeginWithTheirTime() {
    assertTrue(EventShapes.events().size() > 40, "the hierarchy was found");
    for (Class<?> event : EventShapes.events()) {
      assertTrue(event.isRecord(), event.getName());
      RecordComponent first = event.getRecordComponents()[0];
      assertEquals("timeNanos", first.getName(), event.getName());
      assertEquals(long.class, first.getType(), event.getName());
    }
  }

  @Test
  void noComponentCanCarryUserBytesOrText() {
    for (Class<?> event : EventShapes.events()) {
      checkComponents(event, true);
    }
    for (Class<?> part : EventShapes.parts()) {
      assertTrue(part.isRecord(), part.getName());
      checkComponents(part, false);
    }
  }

  private static void checkComponents(Class<?> type, boolean listsAllowed) {
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> raw = component.getType();
      boolean list =
          listsAllowed
              && raw == List.class
              && component.getGenericType() instanceof ParameterizedType generic
              && isRecord(generic.getActualTypeArguments()[0]);
      assertTrue(
          ALLOWED.contains(raw) || raw.isEnum() || list,
          () -> type.getName() + "." + component.getName() + " is a " + raw.getName());
    }
  }

  private static boolean isRecord(Type type) {
    return type instanceof Class<?> element && element.isRecord();
  }

  @Test
  void wrappersHoldNothingButTheirNumbersOrName() {
    for (Class<?> wrapper : List.of(Longs.class, Doubles.class, Label.class)) {
      assertTrue(Modifier.isFinal(wrapper.getModifiers()), wrapper.getName());
    }
    long[] buffer = {1, 2, 3};
    Longs longs = Longs.of(buffer);
    buffer[0] = 9;
    assertEquals(1, longs.get(0));
    longs.toArray()[1] = 9;
    assertEquals(Longs.of(1, 2, 3), longs);
    assertEquals(Longs.copyOf(new long[] {1, 2, 3, 4}, 3).hashCode(), longs.hashCode());
    assertEquals("[1, 2, 3]", longs.toString());
    assertEquals(0, Longs.copyOf(buffer, 0).size());
    assertThrows(IndexOutOfBoundsException.class, () -> Longs.copyOf(buffer, 4));
    assertEquals(Doubles.of(0.5, Double.NaN), Doubles.copyOf(new double[] {0.5, Double.NaN, 1}, 2));
    assertEquals(Doubles.empty(), Doubles.of());
  }

  @Test
  void labelsRefuseFreeText() {
    for (String good : List.of("leveled", "fluid-4-1", "UCS_adaptive", "v1.2", "x".repeat(48))) {
      assertEquals(good, Label.of(good).toString());
    }
    for (String bad :
        List.of("", "a b", "-a", ".a", "/tmp/x", "naïve", "a\u0000", "x".repeat(49))) {
      assertThrows(IllegalArgumentException.class, () -> Label.of(bad), bad);
    }
  }

  @Test
  void decisionsRefuseWhatCannotHaveHappened() {
    assertThrows(IllegalArgumentException.class, () -> decision(1, 1.0));
    assertThrows(IllegalArgumentException.class, () -> decision(-2, 1.0));
    assertThrows(IllegalArgumentException.class, () -> decision(0, 0));
    assertThrows(IllegalArgumentException.class, () -> decision(0, Double.NaN));
    assertEquals(decision(0, 0.5), decision(0, 0.5));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SlotShape(1, 0, 0, 1, Longs.of(1), Longs.of(1, 2), 0, 1, 1));
  }

  private static DecisionEvent.Made decision(int chosen, double propensity) {
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(new Candidate(ActionKind.MERGE, DecisionReason.READ_BURDEN, 1, 0, 0, 2, 100, 5, 0.5, false));
    DecisionEvent.Made made =
        new DecisionEvent.Made(
            1,
            1,
            1,
            Label.of("greedy"),
            candidates,
            chosen,
            1,
            0,
            -1,
            Doubles.empty(),
            Doubles.empty(),
            propensity,
            false,
            0,
            10);
    candidates.clear();
    return made;
  }

  @Test
  void eventsDocumentIsUpToDate() {
    RepoFiles.assertGolden("context/events.md", document());
  }

  private static String document() {
    StringBuilder out = new StringBuilder(1 << 14);
    out.append("# Events\n\n");
    out.append("Generated from the sources by `EventRulesTest`; `-Drewrite=true` renews it.\n\n");
    out.append(
        "Every event is a record of primitives and never carries key or value bytes. Places in the"
            + " key space\nare fractions from 0 to 1, files are numbers, names are labels of at"
            + " most 48 characters. On a bus each\nevent is stamped with its source and a sequence"
            + " number of that source. How events are written to\nfiles: `formats/trace.md`.\n");
    Set<Class<?>> enums = new TreeSet<>((a, b) -> a.getSimpleName().compareTo(b.getSimpleName()));
    for (Class<?> group : VizEvent.class.getPermittedSubclasses()) {
      String source =
          RepoFiles.mainSource("dev/atll/observe/event", group.getSimpleName() + ".java");
      out.append("\n## ").append(group.getSimpleName()).append("\n\n");
      out.append(javadocBefore(source, "interface " + group.getSimpleName())).append("\n\n");
      out.append("| Event | What it tells | Components |\n|---|---|---|\n");
      for (Class<?> event : group.getPermittedSubclasses()) {
        row(out, event, javadocBefore(source, "record " + event.getSimpleName() + "("), enums);
      }
    }
    out.append("\n## Parts\n\n| Record | What it tells | Components |\n|---|---|---|\n");
    for (Class<?> part : EventShapes.parts()) {
      String source =
          RepoFiles.mainSource("dev/atll/observe/event", part.getSimpleName() + ".java");
      row(out, part, javadocBefore(source, "record " + part.getSimpleName() + "("), enums);
    }
    out.append("\n## Enumerations\n\n| Name | What it tells | Values |\n|---|---|---|\n");
    for (Class<?> type : enums) {
      String source =
          RepoFiles.mainSource("dev/atll/observe/event", type.getSimpleName() + ".java");
      out.append("| `").append(type.getSimpleName()).append("` | ");
      out.append(javadocBefore(source, "enum " + type.getSimpleName())).append(" | ");
      List<String> values = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        values.add("`" + constant + "`");
      }
      out.append(String.join(" ", values)).append(" |\n");
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Class<?> type, String sentence, Set<Class<?>> enums) {
    List<String> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getType().isEnum()) {
        enums.add(component.getType());
      }
      String typeName =
          component.getGenericType() instanceof ParameterizedType list
              ? "list of " + ((Class<?>) list.getActualTypeArguments()[0]).getSimpleName()
              : component.getType().getSimpleName();
      components.add("`" + component.getName() + "` " + typeName);
    }
    out.append("| `").append(type.getSimpleName()).append("` | ").append(sentence).append(" | ");
    out.append(String.join(", ", components)).append(" |\n");
  }

  /** The first paragraph of the comment before a declaration, on one line. */
  private static String javadocBefore(String source, String declaration) {
    int at = source.indexOf(declaration);
    int begin = source.lastIndexOf("/**", at);
    assertTrue(at > 0 && begin >= 0, () -> "no comment before " + declaration);
    String comment = source.substring(begin + 3, source.indexOf("*/", begin));
    String between = source.substring(source.indexOf("*/", begin) + 2, at);
    assertTrue(
        between.matches("[\\s\\w]*"),
        () -> "the comment before " + declaration + " belongs to something else");
    String text = comment.replaceAll("(\\s*\\n\\s*\\*?)+ ?", " ").strip();
    int end = text.indexOf("<p>");
    int tags = text.indexOf(" @");
    if (end < 0 || (tags >= 0 && tags < end)) {
      end = tags;
    }
    text = end < 0 ? text : text.substring(0, end).strip();
    Matcher inline = Pattern.compile("\\{@(?:code|link) ([^}]*)}").matcher(text);
    String plain = inline.replaceAll(match -> Matcher.quoteReplacement("`" + match.group(1) + "`"));
    assertTrue(plain.endsWith("."), () -> declaration + ": " + plain);
    return plain;
  }
}
