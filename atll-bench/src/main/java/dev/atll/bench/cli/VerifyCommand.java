package dev.atll.bench.cli;

import dev.atll.api.AtllDb;
import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.bench.report.Numbers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a store for damage. */
@Command(
    name = "verify",
    description = {
      "Reads a store and changes nothing: checks every block of every table, and reads every entry in both directions.",
      "Exit codes: 0 sound, 1 damaged or not to be opened, 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The store's directory.")
  private Path directory = Path.of("");

  @Override
  public Integer call() {
    InspectCommand.requireDirectory(spec.commandLine(), directory);
    PrintWriter out = spec.commandLine().getOut();
    long began = System.nanoTime();
    try (AtllDb db = InspectCommand.openExisting(directory)) {
      db.verify();
      long forwards = read(db, true);
      long backwards = read(db, false);
      if (forwards != backwards) {
        out.println(
            String.format(
                Locale.ROOT,
                "DAMAGED: %d entries forwards but %d backwards",
                forwards, backwards));
        out.flush();
        return CommandLine.ExitCode.SOFTWARE;
      }
      out.println(
          String.format(
              Locale.ROOT,
              "sound: %d entries, %s of tables, in %s",
              forwards,
              Numbers.bytes((double) db.stats().tableBytes()),
              Numbers.seconds((System.nanoTime() - began) / 1e9)));
      out.flush();
      return CommandLine.ExitCode.OK;
    } catch (CorruptionException e) {
      out.println("DAMAGED: " + e.getMessage());
      out.flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** Counts the entries one way; an order that is wrong counts as damage. */
  private static long read(AtllDb db, boolean forwards) {
    long count = 0;
    byte[] last = {};
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      while (forwards ? cursor.next() : cursor.previous()) {
        byte[] key = cursor.keyBytes();
        int order = Arrays.compareUnsigned(last, key);
        if (count > 0 && (forwards ? order >= 0 : order <= 0)) {
          throw new IllegalStateException("DAMAGED: keys out of order after entry " + count);
        }
        last = key;
        count++;
      }
    }
    return count;
  }
}
