package dev.atll.bench.cli;

import dev.atll.Atll;
import dev.atll.api.Options;
import dev.atll.api.RepairReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Saves what is whole of a damaged store. */
@Command(
    name = "repair",
    description = {
      "Copies what is whole of a damaged store into a new directory, and says what is not whole. The"
          + " damaged directory is not changed.",
      "Exit codes: 0 all was whole, 1 something was not, 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
final class RepairCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "DIR", description = "The damaged store's directory.")
  private Path from = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "A directory for the new store.")
  private Path to = Path.of("");

  @Override
  public Integer call() {
    InspectCommand.requireDirectory(spec.commandLine(), from);
    RepairReport report = Atll.repair(from, to, Options.defaults());
    PrintWriter out = spec.commandLine().getOut();
    report.problems().forEach(problem -> out.println("not whole: " + problem));
    out.printf(
        Locale.ROOT,
        "saved %d entries to %s; %d tables lost, %d problems%n",
        report.entries(), to, report.tablesLost(), report.problems().size());
    out.flush();
    return report.problems().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
