package dev.atll.bench.cli;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.bench.report.InRange;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a store holds. */
@Command(
    name = "inspect",
    description = {
      "Shows what a store holds: its files, its levels with their slots and runs, and some keys.",
      "Changes nothing, and works in a place that can only be read; nobody may be writing there."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int KEY_BYTES_SHOWN = 32;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The store's directory.")
  private Path directory = Path.of("");

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "0",
      description = "Shows the first N entries too.")
  @InRange(max = Integer.MAX_VALUE)
  private int entries;

  @Option(
      names = "--from",
      paramLabel = "HEX",
      defaultValue = "",
      description = "Begins with the first key at or after this one.")
  private String from = "";

  @Option(names = "--count", description = "Counts the entries, which reads the whole store.")
  private boolean count;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    byte[] low = lowKey();
    requireDirectory(spec.commandLine(), directory);
    out.print(files());
    try (AtllDb db = openExisting(directory)) {
      Stats stats = db.stats();
      out.println();
      out.println("newest revision  " + db.visibleRevision());
      out.println("durable revision " + db.durableRevision());
      out.println("oldest readable  " + db.oldestReadableRevision());
      out.println("tables           " + Numbers.bytes((double) stats.tableBytes()));
      out.println("live, estimated  " + Numbers.bytes((double) stats.liveBytes()));
      if (count) {
        out.println("entries          " + db.count(KeyRange.all()));
      }
      out.println();
      out.print(levels(stats));
      printEntries(out, db, low);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Opens a store that exists, to look at it: a tool that only looks must change nothing. */
  static AtllDb openExisting(Path directory) {
    return Atll.openReadOnly(directory, Options.defaults());
  }

  static void requireDirectory(CommandLine command, Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(command, directory + " is no directory");
    }
  }

  private byte[] lowKey() {
    try {
      return HexFormat.of().parseHex(from);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--from takes pairs of hex digits", e);
    }
  }

  /** How many files of each kind there are and how large they are together. */
  private String files() throws IOException {
    Map<String, long[]> kinds = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        long[] sums = kinds.computeIfAbsent(kind(file), k -> new long[2]);
        sums[0]++;
        sums[1] += Files.size(file);
      }
    }
    Table table = new Table(1, "kind", "files", "size");
    kinds.forEach(
        (kind, sums) ->
            table.row(kind, Long.toString(sums[0]), Numbers.bytes((double) sums[1])));
    return table.toString();
  }

  /** A file's folder and extension, or its whole name where it has none. */
  private String kind(Path file) {
    Path relative = directory.relativize(file);
    @Nullable Path folder = relative.getParent();
    String name = String.valueOf(relative.getFileName());
    int dot = name.lastIndexOf('.');
    String ending = dot > 0 ? "*" + name.substring(dot) : name;
    return folder == null ? ending : folder + "/" + ending;
  }

  private static String levels(Stats stats) {
    Table table =
        new Table(
            1,
            "level",
            "bytes",
            "entries",
            "filters",
            "bits a key",
            "false positives",
            "slots",
            "runs",
            "runs a slot, in key order");
    for (Stats.LevelStats level : stats.levels()) {
      int runs = level.slotRuns().stream().mapToInt(Integer::intValue).sum();
      if (runs > 0) {
        table.row(
            "L" + level.level(),
            Numbers.bytes((double) level.bytes()),
            Numbers.count(level.entries()),
            Numbers.bytes((double) level.filterBytes()),
            String.format(
                Locale.ROOT,
                "%.1f",
                8.0 * level.filterBytes() / Math.max(1, level.entries())),
            String.format(Locale.ROOT, "%.3f %%", 100 * level.falsePositiveRate()),
            Integer.toString(level.slotRuns().size()),
            Integer.toString(runs),
            shorten(level.slotRuns().toString()));
      }
    }
    return table.toString();
  }

  private static String shorten(String text) {
    return text.length() <= 72 ? text : text.substring(0, 69) + "...";
  }

  private void printEntries(PrintWriter out, AtllDb db, byte[] low) {
    if (entries <= 0) {
      return;
    }
    out.println();
    try (Cursor cursor = db.cursor(KeyRange.from(low))) {
      for (int i = 0; i < entries && cursor.next(); i++) {
        byte[] key = cursor.keyBytes();
        int shown = Math.min(KEY_BYTES_SHOWN, key.length);
        out.println(
            String.format(
                Locale.ROOT,
                "%s%s  %d bytes, revision %d",
                HexFormat.of().formatHex(key, 0, shown),
                shown < key.length ? "..." : "",
                cursor.value().byteSize(),
                cursor.revision()));
      }
    }
  }
}
