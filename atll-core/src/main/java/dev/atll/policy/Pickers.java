package dev.atll.policy;

import dev.atll.api.InvalidInputException;
import java.util.List;
import java.util.Locale;

/** The pickers by name. */
public final class Pickers {
  private static final List<String> NAMES =
      List.of(
          IndexPicker.NAME,
          RoundRobinPicker.NAME,
          OrderPicker.FIFO,
          OrderPicker.MOST_RUNS,
          OrderPicker.RANDOM,
          UcbPicker.UCB1,
          UcbPicker.DISCOUNTED,
          EpsilonGreedyPicker.NAME);

  private Pickers() {}

  /** All names. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The picker of this name.
   *
   * @param text a name, with parameters where the picker has any: see {@link Spec}
   * @param seed of its chance; the same seed repeats its choices
   * @throws InvalidInputException if there is none, or a parameter is wrong
   */
  public static Picker byName(String text, long seed) {
    Spec spec = Spec.parse(text);
    Picker picker =
        switch (spec.name()) {
          case IndexPicker.NAME -> new IndexPicker();
          case RoundRobinPicker.NAME -> new RoundRobinPicker();
          case OrderPicker.FIFO -> new OrderPicker.Fifo();
          case OrderPicker.MOST_RUNS -> new OrderPicker.MostRuns();
          case OrderPicker.RANDOM -> new OrderPicker.Uniform(seed);
          case UcbPicker.UCB1 -> UcbPicker.ucb1(spec);
          case UcbPicker.DISCOUNTED -> UcbPicker.discounted(spec);
          case EpsilonGreedyPicker.NAME -> new EpsilonGreedyPicker(spec, seed);
          default ->
              throw new InvalidInputException(
                  String.format(
                      Locale.ROOT,
                      "no picker is called \"%s\"; there are %s",
                      spec.name(), NAMES));
        };
    spec.checkAllRead();
    return picker;
  }
}
