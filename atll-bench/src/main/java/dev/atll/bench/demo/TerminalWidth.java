package dev.atll.bench.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How wide the terminal is, asked every few seconds, since windows are resized. */
final class TerminalWidth {
  private static final int COLUMNS_DEFAULT = 100;
  private static final int COLUMNS_MIN = 40;
  private static final long ASK_NANOS = 5_000_000_000L;
  private static final long WAIT_MILLIS = 500;

  private static int known = COLUMNS_DEFAULT;
  private static long askedNanos = System.nanoTime() - ASK_NANOS;

  private TerminalWidth() {}

  /** Columns of the terminal, at least 40; 100 where it cannot be told. */
  static synchronized int columns() {
    if (System.nanoTime() - askedNanos >= ASK_NANOS) {
      askedNanos = System.nanoTime();
      known = Math.max(COLUMNS_MIN, ask());
    }
    return known;
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return known;
      }
      String[] size =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      return size.length == 2 ? Integer.parseInt(size[1]) : known;
    } catch (IOException | NumberFormatException e) {
      // No terminal, or no stty: the width that fits most.
      return known;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return known;
    }
  }
}
