package dev.atll.policy;

import dev.atll.api.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name with parameters, as policies, pickers and learners are asked for: {@code fluid:K=4,Z=1}. In
 * events and file names, where only letters, digits and {@code . _ -} may stand, the same is {@code
 * fluid_K4_Z1}; both are understood. Values are numbers; a list of whole numbers, one for each level,
 * is written {@code -8/2/2} or {@code -8.2.2}.
 *
 * <p>Who reads a parameter says its range, and so a wrong one is refused with what is allowed. Not
 * thread-safe.
 */
public final class Spec {
  /** Most characters of a {@link #label}. */
  public static final int LABEL_LENGTH_MAX = 48;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern PARAMETER = Pattern.compile("([A-Za-z]+)=?(-?[0-9][0-9./-]*)");

  private final String name;
  private final Map<String, String> values = new LinkedHashMap<>();
  // What was asked for, with its range: what a message can offer.
  private final Map<String, String> known = new TreeMap<>();

  private Spec(String name) {
    this.name = name;
  }

  /**
   * Takes a text apart.
   *
   * @throws InvalidInputException if it is no name with parameters
   */
  public static Spec parse(String text) {
    int colon = text.indexOf(':');
    String[] parts =
        colon >= 0 ? text.substring(colon + 1).split(",", -1) : text.split("_", -1);
    Spec spec = new Spec(colon >= 0 ? text.substring(0, colon) : parts[0]);
    if (!NAME.matcher(spec.name).matches()) {
      throw malformed(text);
    }
    for (int i = colon >= 0 ? 0 : 1; i < parts.length; i++) {
      Matcher matcher = PARAMETER.matcher(parts[i].strip());
      if (!matcher.matches() || spec.values.put(matcher.group(1), matcher.group(2)) != null) {
        throw malformed(text);
      }
    }
    if (spec.label().length() > LABEL_LENGTH_MAX) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "\"%s\" is longer than %d characters",
              text, LABEL_LENGTH_MAX));
    }
    return spec;
  }

  private static InvalidInputException malformed(String text) {
    return new InvalidInputException(
        String.format(
            Locale.ROOT,
            "\"%s\" is no name with parameters: write NAME or NAME:KEY=NUMBER,KEY=NUMBER, each key once;"
                + " a list of numbers is written 1/2/3",
            text));
  }

  /**
   * Takes a list with commas apart, in which parameters may have commas too: {@code
   * leveled,fluid:K=4,Z=1,atll} is three specs.
   */
  public static List<String> list(String text) {
    List<String> specs = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      boolean continues = part.indexOf('=') >= 0 && part.indexOf(':') < 0;
      if (continues && !specs.isEmpty()) {
        specs.add(specs.removeLast() + "," + part);
      } else {
        specs.add(part);
      }
    }
    return specs;
  }

  /** The name without parameters. */
  public String name() {
    return name;
  }

  /**
   * Name and parameters in the order given, out of {@code A-Z a-z 0-9 . _ -}, at most {@value
   * #LABEL_LENGTH_MAX} characters: what a policy should return as its name.
   */
  public String label() {
    StringBuilder label = new StringBuilder(name);
    values.forEach((key, value) -> label.append('_').append(key).append(value.replace('/', '.')));
    return label.toString();
  }

  /**
   * A whole number.
   *
   * @throws InvalidInputException if it is given and not within min to max
   */
  public int whole(String key, int otherwise, int min, int max) {
    known.put(key, String.format(Locale.ROOT, "%d to %d", min, max));
    String value = values.get(key);
    return value == null ? otherwise : whole(key, value, min, max);
  }

  private int whole(String key, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the message below says what is allowed
    }
    throw refused(key, value);
  }

  /**
   * Whole numbers, one for each level from 1; the last also stands for all deeper levels.
   *
   * @throws InvalidInputException if one is given and not within min to max
   */
  public int[] wholes(String key, int otherwise, int min, int max) {
    known.put(key,
        String.format(
            Locale.ROOT,
            "%d to %d, or such numbers with / between for levels 1, 2 ...",
            min, max));
    String value = values.get(key);
    if (value == null) {
      return new int[] {otherwise};
    }
    String[] parts = value.split("[./]", -1);
    int[] numbers = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = whole(key, parts[i], min, max);
    }
    return numbers;
  }

  /**
   * A number.
   *
   * @throws InvalidInputException if it is given and not within min to max
   */
  public double number(String key, double otherwise, double min, double max) {
    known.put(key, String.format(Locale.ROOT, "%s to %s", min, max));
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the message below says what is allowed
    }
    throw refused(key, value);
  }

  private InvalidInputException refused(String key, String value) {
    return new InvalidInputException(
        String.format(Locale.ROOT, "%s: %s must be %s, not %s", name, key, known.get(key), value));
  }

  /**
   * To be called when all parameters have been read.
   *
   * @throws InvalidInputException if there is one that nobody asked for
   */
  public void checkAllRead() {
    for (String key : values.keySet()) {
      if (!known.containsKey(key)) {
        throw new InvalidInputException(
            known.isEmpty()
                ? String.format(Locale.ROOT, "%s takes no parameters, so no %s", name, key)

                    : String.format(
                        Locale.ROOT,
                        "%s has no parameter %s; it has %s",
                        name, key, known));
      }
    }
  }
}
