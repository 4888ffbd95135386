package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(CommandLine command, String... args) {
    return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  @Test
  void withoutACommandItListsThemAll() {
    assertEquals(0, run(Main.commandLine()));
    Main.commandLine()
        .getSubcommands()
        .keySet()
        .forEach(name -> assertTrue(out.toString().contains(name), name));
  }

  @Test
  void versionNamesTheJvm() {
    assertEquals(0, run(Main.commandLine(), "--version"));
    assertTrue(out.toString().contains("java " + Runtime.version()), out.toString());
  }

  @Test
  void everyCommandSaysWhatItsExitCodesMean() {
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (!name.equals("help")) {
                assertTrue(command.getUsageMessage().contains("Exit codes: 0 "), name);
              }
            });
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    assertEquals(2, run(Main.commandLine(), "no-such-command"));
    assertTrue(err.toString().contains("no-such-command"), err.toString());
  }

  @Test
  void aFailedCommandPrintsOneLineAndExitsWithOne() {
    CommandLine command = Main.commandLine().addSubcommand(new CommandLine(new Failing()));
    // A subcommand is added after the handlers were set, so it has to be given its own.
    command.setExecutionExceptionHandler(command.getExecutionExceptionHandler());
    assertEquals(1, run(command, "fail"));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().startsWith("atll: the disk is on fire"), err.toString());
  }

  /** Stands for any subcommand that throws. */
  @Command(name = "fail")
  static final class Failing implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("the disk is on fire");
    }
  }
}
