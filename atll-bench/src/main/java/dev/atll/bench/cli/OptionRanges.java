package dev.atll.bench.cli;

import dev.atll.bench.report.InRange;
import java.lang.reflect.AnnotatedElement;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Holds every number that was given to its {@link InRange}, by the option's name. */
final class OptionRanges {
  private OptionRanges() {}

  /** Checks, then goes on as before. */
  static IExecutionStrategy before(IExecutionStrategy next) {
    return parsed -> {
      for (ParseResult at = parsed; at != null; at = at.hasSubcommand() ? at.subcommand() : null) {
        CommandLine command = at.commandSpec().commandLine();
        at.matchedArgs().forEach(arg -> check(command, arg));
      }
      return next.execute(parsed);
    };
  }

  /** The range of an option in words; empty if it has none. */
  static Optional<String> text(@Nullable ArgSpec arg) {
    return Optional.ofNullable(arg)
        .flatMap(OptionRanges::of)
        .map(
            range ->
                (range.above() ? "above " : "")
                    + plain(range.min())
                    + (range.above() ? ", at most " : " to ")
                    + plain(range.max()));
  }

  /** The range that an option's field declares. */
  static Optional<InRange> of(ArgSpec arg) {
    return arg.userObject() instanceof AnnotatedElement field
        ? Optional.ofNullable(field.getAnnotation(InRange.class))
        : Optional.empty();
  }

  private static void check(CommandLine command, ArgSpec arg) {
    Optional<InRange> range = of(arg);
    if (range.isEmpty()) {
      return;
    }
    Object value = arg.getValue();
    if (value instanceof Collection<?> values) {
      values.forEach(each -> check(command, arg, range.get(), each));
    } else {
      check(command, arg, range.get(), value);
    }
  }

  private static void check(
      CommandLine command, ArgSpec arg, InRange range, @Nullable Object value) {
    if (!(value instanceof Number number)) {
      return;
    }
    double given = number.doubleValue();
    boolean fits =
        (range.above() ? given > range.min() : given >= range.min()) && given <= range.max();
    if (!fits) {
      throw new ParameterException(
          command, String.format(
              Locale.ROOT,
              "%s is %s, allowed %s",
              name(arg), number, text(arg).orElseThrow()));
    }
  }

  private static String name(ArgSpec arg) {
    return arg instanceof CommandLine.Model.OptionSpec option
        ? option.longestName()
        : arg.paramLabel();
  }

  private static String plain(double bound) {
    return Math.abs(bound) >= InRange.ANY
        ? Long.toString(bound < 0 ? Long.MIN_VALUE : Long.MAX_VALUE)
        : new BigDecimal(Double.toString(bound)).stripTrailingZeros().toPlainString();
  }
}
