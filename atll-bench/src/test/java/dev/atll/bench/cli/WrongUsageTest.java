package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What people mistype is refused before anything runs, by the option's name and its range. */
@Timeout(60)
class WrongUsageTest {
  /** The one option that a command cannot do without. */
  private static final List<String> ENGINES = List.of("--engines", "atll");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path dir;

  private int run(String... args) {
    return run(Main.commandLine(), args);
  }

  private int run(CommandLine command, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  private static List<OptionSpec> numbers(CommandLine command) {
    List<OptionSpec> found = new ArrayList<>();
    for (CommandLine sub : command.getSubcommands().values()) {
      for (OptionSpec option : sub.getCommandSpec().options()) {
        Class<?> type = option.typeInfo().isMultiValue() ? Object.class : option.type();
        boolean number =
            option.auxiliaryTypes().length > 0
                && Number.class.isAssignableFrom(boxed(option.auxiliaryTypes()[0]));
        if (number || Number.class.isAssignableFrom(boxed(type))) {
          found.add(option);
        }
      }
    }
    return found;
  }

  private static Class<?> boxed(Class<?> type) {
    if (type == int.class) {
      return Integer.class;
    } else if (type == long.class) {
      return Long.class;
    }
    return type == double.class ? Double.class : type;
  }

  @Test
  void everyNumberOfEveryCommandHasARange() {
    List<OptionSpec> numbers = numbers(Main.commandLine());
    assertTrue(numbers.size() > 60, numbers.size() + " numbers");
    for (OptionSpec option : numbers) {
      assertTrue(
          OptionRanges.of(option).isPresent(),
          ((Field) option.userObject()).getDeclaringClass().getSimpleName() + " " + option);
    }
  }

  @Test
  void numbersOutOfTheirRangeAreRefusedByNameAndRange() {
    CommandLine main = Main.commandLine();
    for (CommandLine command : main.getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (OptionRanges.of(option).isPresent()) {
          assertRefused(main, command.getCommandName(), option, "NaN");
        }
      }
    }
    OptionSpec keys = main.getSubcommands().get("run").getCommandSpec().findOption("--keys");
    OptionSpec rate = main.getSubcommands().get("run").getCommandSpec().findOption("--rate");
    for (String value : List.of("-1", "99999999999999999999", "1e3", "x", "")) {
      assertRefused(main, "run", keys, value);
    }
    for (String value : List.of("-1", "-Infinity", "Infinity", "1e300", "x")) {
      assertRefused(main, "run", rate, value);
    }
  }

  private void assertRefused(CommandLine main, String command, OptionSpec option, String value) {
    List<String> args = new ArrayList<>(List.of(command));
    CommandLine.Model.CommandSpec spec = main.getSubcommands().get(command).getCommandSpec();
    spec.requiredArgs().forEach(arg -> args.addAll(arg.isOption() ? ENGINES : List.of("x")));
    args.add(option.longestName() + "=" + value);
    int code = run(main, args.toArray(String[]::new));
    String text = err.toString();
    assertEquals(2, code, text);
    assertTrue(text.contains(option.longestName()), text);
    assertTrue(text.contains("allowed "), text);
    assertFalse(text.contains("Exception"), text);
  }

  @Test
  void theMessageIsShort() {
    assertEquals(2, run("run", "put", "--rate=NaN"));
    assertEquals(
        "atll run: --rate is NaN, allowed 0 to 1000000000\nTry 'atll run --help'.\n",
        err.toString().replace("\r", ""));
    assertEquals(2, run("demo", "--port", "70000"));
    assertTrue(err.toString().contains("--port is 70000, allowed 0 to 65535"), err.toString());
    assertEquals(2, run("run", "--polcy", "atll"));
    assertTrue(err.toString().contains("--policy"), err.toString());
  }

  @Test
  void settingsAndSizesAreRefusedBeforeTheRun() {
    assertEquals(2, run("run", "put", "--set", "memtableBytes=9999999999g"));
    assertTrue(err.toString().contains("memtableBytes"), err.toString());
    assertTrue(err.toString().contains("9999999999g"), err.toString());
    assertEquals(2, run("run", "put", "--set", "nothing=1"));
    assertTrue(err.toString().contains("memtableBytes"), err.toString());
    assertEquals(2, run("run", "put", "--set", "spaceAmplificationMax=NaN"));
    assertEquals(2, run("run", "put", "--set", "memtableAge=99999999999999999h"));
    assertTrue(err.toString().contains("memtableAge"), err.toString());
    assertEquals(2, run("simulate", "put", "--memtable", "99999999999g"));
    assertTrue(err.toString().contains("--memtable"), err.toString());
    assertEquals(2, run("simulate", "ycsb-a", "--policy", "nobody"));
    assertEquals(2, run("run", "put", "--dir", ""));
  }

  @Test
  void aLimitOfMemoryGoesWithWhatBelongsToIt() {
    for (List<String> wrong :
        List.of(
            List.of("--heap needs --memory", "--heap", "100m"),
            List.of("--data needs --memory", "--data", "2"),
            List.of("--html needs --memory", "--html", "-"),
            List.of("--keys: with --memory", "--memory", "300m", "--keys", "10"),
            List.of("--memory is 1048576, allowed 67108864 to", "--memory", "1m"),
            List.of("'much'", "--memory", "much"),
            List.of("--data is 0.0, allowed above 0", "--memory", "300m", "--data", "1,0"),
            List.of("sizes of data", "--memory", "300m", "--data", "1,1"),
            List.of("a heap of 290 MiB", "--memory", "300m", "--heap", "290m"),
            List.of("ycsb-a-ordered", "--memory", "300m", "--workloads", "ycsb-a-ordered"),
            List.of("no workload 'open'", "--workloads", "open"),
            List.of("no workload 'opn'", "--memory", "300m", "--workloads", "opn"))) {
      List<String> args = new ArrayList<>(List.of("compare", "--engines", "atll"));
      args.addAll(wrong.subList(1, wrong.size()));
      assertEquals(2, run(args.toArray(String[]::new)), err.toString());
      assertTrue(err.toString().contains(wrong.getFirst()), err.toString());
    }
  }

  @Test
  void aLimitOfMemoryIsRefusedWithoutAnEngineOrARoomyDisk() {
    String stores = dir.toString();
    assertEquals(
        2,
        run("compare", "--engines", "nobody", "--memory", "300m", "--data", "0.01", "--dir",
            stores));
    assertTrue(err.toString().contains("no engine 'nobody'"), err.toString());
    assertFalse(Files.exists(dir.resolve("memory")), "nothing is left there");
    assertEquals(
        2,
        run("compare", "--engines", "atll", "--memory", "1024g", "--data", "1000", "--dir",
            stores + "/more"));
    assertTrue(err.toString().contains("the stores may take"), err.toString());
  }

  @Test
  void aMissingFileIsNamedWithTheReason() {
    assertEquals(1, run("run", "--trace", dir.resolve("nowhere").toString()));
    assertTrue(err.toString().contains("nowhere: no such file or directory"), err.toString());
    assertEquals(1, run("replay", dir.resolve("nowhere").toString(), "--exit", "--no-browser"));
    assertTrue(err.toString().contains("nowhere: no such file or directory"), err.toString());
  }

  @Test
  void aTraceOfWhichTooMuchIsSkippedIsRefusedAndALittleIsShown() throws IOException {
    Path trace = dir.resolve("t.csv");
    Files.writeString(trace, "1,1,2a,512,0\n1,2,35,0,0\n1,3,28,512,0\n");
    assertEquals(1, run("run", "--trace", trace.toString(), "--policy", "atll"));
    assertTrue(err.toString().contains("skipped 1 of 3 rows"), err.toString());
    assertEquals(
        0,
        run("run", "--trace", trace.toString(), "--policy", "atll", "--skip-max", "40"),
        err.toString());
    assertTrue(out.toString().contains("operation 35 × 1"), out.toString());
  }

  @Test
  void aResultThatCannotBeWrittenIsToldBeforeTheRun() {
    String folder = dir.toString();
    assertEquals(
        1,
        run("run", "put", "--engine", "memory", "--ops", "10", "--keys", "10", "--json", folder));
    assertTrue(err.toString().contains(folder + ": is a directory"), err.toString());
    assertEquals("", out.toString());
  }
}
