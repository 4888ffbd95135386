package dev.atll.bench.cli;

import dev.atll.bench.torture.TortureCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The root of the {@code atll} command.
 *
 * <p>A subcommand is a class annotated with {@link Command} that implements {@link Callable} of
 * {@link Integer} and is listed below; its return value is the exit code. Exit codes: 0 done, 1
 * failed, 2 wrong usage; the launcher adds 69 when it finds no fitting JDK.
 */
@Command(
    name = "atll",
    description = "An LSM-tree engine that adapts its shape to its load, and the tools around it.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    // Every subcommand of the tool, in the order of the help text.
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SimulateCommand.class,
      ExperimentCommand.class,
      CompareCommand.class,
      SuiteCommand.class,
      ReplayCommand.class,
      ShotsCommand.class,
      ViewersCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      RepairCommand.class,
      CalibrateCommand.class,
      BenchCommand.class,
      TortureCommand.class,
      HelpCommand.class
    })
public final class Main implements Callable<Integer> {
  /** Set to any value to see a stack trace where a failed command prints one line. */
  private static final String DEBUG_VARIABLE = "ATLL_DEBUG";

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * Runs one command and leaves the JVM with its exit code.
   *
   * @param args the subcommand and its arguments
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The parsed-but-not-run command, so that tests can drive it without leaving the JVM. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::printFailure);
  }

  /** Without a subcommand there is nothing to do but to say which ones there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  private static int printFailure(Exception failure, CommandLine command, ParseResult parsed) {
    if (System.getenv(DEBUG_VARIABLE) == null) {
      String reason = failure.getMessage();
      command
          .getErr()
          .println(
              "atll: " + (reason == null ? failure.getClass().getSimpleName() : reason)
                  + " (" + DEBUG_VARIABLE + "=1 shows the stack trace)");
    } else {
      failure.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Says which build on which JVM this is: the first thing a report of numbers needs. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "atll " + (version == null ? "(unpackaged)" : version),
        "java " + Runtime.version() + ", " + System.getProperty("java.vm.name"),
        "os " + System.getProperty("os.name") + " " + System.getProperty("os.version")
            + " " + System.getProperty("os.arch"),
      };
    }
  }
}
