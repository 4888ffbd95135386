package dev.atll.bench.report;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A line that says how far a piece of work is and when it will be done: rewritten in place on a
 * terminal, a line every ten seconds elsewhere. Prints from a thread of its own until closed.
 */
public final class Progress implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 500;
  private static final long LOG_MILLIS = 10_000;

  private final PrintWriter out;
  private final boolean terminal;
  private final String what;
  private final DoubleSupplier fraction;
  private final Supplier<String> detail;
  private final long beganNanos = System.nanoTime();
  private final Thread thread;
  private int shownWidth;

  /**
   * Starts to print.
   *
   * @param out where to
   * @param terminal whether lines can be rewritten
   * @param what names the work
   * @param fraction how much is done, 0 to 1; NaN if that cannot be told
   * @param detail what else to show
   */
  public Progress(
      PrintWriter out,
      boolean terminal,
      String what,
      DoubleSupplier fraction,
      Supplier<String> detail) {
    this.out = out;
    this.terminal = terminal;
    this.what = what;
    this.fraction = fraction;
    this.detail = detail;
    this.thread = Thread.ofPlatform().daemon().name("atll-progress").start(this::run);
  }

  /** Stops, and takes a rewritten line away. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal && shownWidth > 0) {
      out.print("\r" + " ".repeat(shownWidth) + "\r");
      out.flush();
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(terminal ? TERMINAL_MILLIS : LOG_MILLIS);
        print();
      }
    } catch (InterruptedException e) {
      // Closed: nothing is left to print.
      return;
    }
  }

  private void print() {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    String line = line(what, fraction.getAsDouble(), seconds, detail.get());
    if (terminal) {
      String padding = " ".repeat(Math.max(0, shownWidth - line.length()));
      out.print("\r" + line + padding);
      shownWidth = line.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** The line at a moment; visible to tests. */
  static String line(String what, double fraction, double seconds, String detail) {
    StringBuilder line = new StringBuilder(what).append("  ");
    if (Double.isNaN(fraction)) {
      line.append(Numbers.seconds(seconds)).append(" so far");
    } else {
      double done = Math.clamp(fraction, 0, 1);
      line.append(String.format(Locale.ROOT, "%3.0f %%", done * 100));
      if (done > 0.001) {
        line.append(", ").append(Numbers.seconds(seconds * (1 - done) / done)).append(" left");
      }
    }
    return detail.isEmpty() ? line.toString() : line + "  " + detail;
  }
}
