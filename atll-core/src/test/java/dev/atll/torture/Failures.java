package dev.atll.torture;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Turns a failure into something to work with: a command that replays it and a short history. */
final class Failures {
  private static final Duration SHRINK_AT_MOST =
      Duration.ofSeconds(Integer.getInteger("shrinkSeconds", 60));

  private Failures() {}

  /**
   * The error to throw.
   *
   * @param failure what happened
   * @param test the name of the test class that replays it
   * @param arguments for it, such as {@code -Dseed=7}
   * @param ops the history
   * @param run runs a history and throws when it fails
   */
  static AssertionError report(
      Throwable failure,
      String test,
      String arguments,
      List<Op> ops,
      Consumer<List<Op>> run) {
    List<Op> shrunk = Shrinker.shrink(ops, shorter -> failureOf(shorter, run) != null, SHRINK_AT_MOST);
    Throwable last = failureOf(shrunk, run);
    StringBuilder text =
        new StringBuilder(
            "%s%nreplay: mvn test -pl atll-core -am -Dtest=%s %s%n%d of %d operations fail:%n"
                .formatted(failure, test, arguments, shrunk.size(), ops.size()));
    for (Op op : shrunk) {
      text.append("  ").append(op).append('\n');
    }
    text.append("with: ").append(last == null ? "nothing, the second time" : last);
    return new AssertionError(text.toString(), last == null ? failure : last);
  }

  private static Throwable failureOf(List<Op> ops, Consumer<List<Op>> run) {
    try {
      run.accept(ops);
      return null;
    } catch (Exception | AssertionError | StackOverflowError e) {
      return e;
    }
  }
}
