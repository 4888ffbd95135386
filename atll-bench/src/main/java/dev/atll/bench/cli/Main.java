package dev.atll.bench.cli;

import dev.atll.bench.report.Failures;
import dev.atll.bench.torture.TortureCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

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

  // Held here: a logger that nobody holds forgets its level.
  private static final Logger LOG = Logger.getLogger("dev.atll");

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * Runs one command and leaves the JVM with its exit code.
   *
   * @param args the subcommand and its arguments
   */
  public static void main(String[] args) {
    quiet();
    CommandLine command = commandLine();
    int code;
    try {
      code = command.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      command.getErr().println("atll: " + Failures.describe(e));
      code = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(afterOutput(command, code));
  }

  // Commands open and close stores all the time: only what is wrong belongs between their lines.
  private static void quiet() {
    if (System.getProperty("java.util.logging.config.file") == null) {
      LOG.setLevel(Level.WARNING);
    }
  }

  /**
   * Says so when what was printed did not arrive. A reader that went away, as head does, has what
   * it wanted; a full disk is a failure.
   */
  private static int afterOutput(CommandLine command, int code) {
    if (!command.getOut().checkError()) {
      return code;
    }
    try {
      // The print stream keeps the error but not its reason; a byte more finds it again.
      new FileOutputStream(FileDescriptor.out).write('\n');
      return code;
    } catch (IOException e) {
      String reason = Failures.describe(e);
      if (reason.contains("Broken pipe")) {
        return code;
      }
      command.getErr().println("atll: standard output: not written: " + reason);
      command.getErr().flush();
      return code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
    }
  }

  /** The parsed-but-not-run command, so that tests can drive it without leaving the JVM. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Path.class, Main::path)
        .setExecutionStrategy(OptionRanges.before(command.getExecutionStrategy()))
        .setParameterExceptionHandler(Main::printWrongUsage)
        .setExecutionExceptionHandler(Main::printFailure);
  }

  private static Path path(String text) {
    try {
      if (text.isEmpty()) {
        throw new TypeConversionException("is empty, where a path is wanted");
      }
      return Path.of(text);
    } catch (InvalidPathException e) {
      // The JVM encodes names as the locale says; in the C locale that is ASCII.
      throw new TypeConversionException(
          String.format(
              Locale.ROOT,
              "'%s' is no path here: %s (names are encoded as %s; LC_ALL=C.UTF-8 allows all)",
              text, e.getReason(), System.getProperty("sun.jnu.encoding")));
    }
  }

  private static int printWrongUsage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    String range =
        String.valueOf(failure.getMessage()).contains("allowed")
            ? ""
            : OptionRanges.text(failure.getArgSpec()).map(text -> ", allowed " + text).orElse("");
    err.println(name + ": " + failure.getMessage() + range);
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + name + " --help'.");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Without a subcommand there is nothing to do but to say which ones there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  private static int printFailure(Exception failure, CommandLine command, ParseResult parsed) {
    if (System.getenv(DEBUG_VARIABLE) == null) {
      command
          .getErr()
          .println(
              "atll: " + Failures.describe(failure)
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
