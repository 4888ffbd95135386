package dev.atll.bench.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The browser of a class of tests. */
final class Browsers {
  private Browsers() {}

  /**
   * Starts it; without a Chromium on the machine the tests are skipped, with a line that says so.
   *
   * @param what is skipped then
   * @param flags besides the usual ones
   */
  static Chromium start(String what, String... flags) throws IOException {
    Optional<Path> program = Chromium.find();
    if (program.isEmpty()) {
      System.err.println("SKIPPED: " + what + ", there is no Chromium here");
    }
    assumeTrue(program.isPresent(), "no Chromium");
    return Chromium.start(program.orElseThrow(), flags);
  }
}
