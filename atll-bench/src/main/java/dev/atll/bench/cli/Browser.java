package dev.atll.bench.cli;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Shows pages to the person at this machine, if there is one with a screen. */
final class Browser {
  private Browser() {}

  /** Asks the system to open a page; does nothing if there is no display or no opener. */
  static void open(URI page) {
    Optional<String> opener = opener();
    if (opener.isEmpty()) {
      return;
    }
    try {
      new ProcessBuilder(opener.get(), page.toString())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // The address is on the terminal; a browser is a courtesy.
      return;
    }
  }

  private static Optional<String> opener() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return Optional.of("open");
    }
    boolean display = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
    return display ? Optional.of("xdg-open") : Optional.empty();
  }
}
