package dev.atll.bench.cli;

import java.io.Console;
import java.util.Optional;

/** What the other end of the output is. */
final class Terminals {
  private Terminals() {}

  /** Whether a person looks on, for whom lines may be rewritten. */
  static boolean isInteractive() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
