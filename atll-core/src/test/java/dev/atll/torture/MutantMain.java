package dev.atll.torture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Tests the harness: plants each {@link Mutant} in turn, runs the stages that must find it, each in
 * a process of its own for {@value #SECONDS_EACH} seconds at most, and says who lived. {@code
 * MutantMain SOURCES [NAME...]}, where SOURCES is {@code atll-core/src}. Exit code 1 if any lived.
 */
public final class MutantMain {
  static final int SECONDS_EACH = Integer.getInteger("mutantSeconds", 60);

  private MutantMain() {}

  /** Runs all, or those whose names begin as given. */
  public static void main(String[] args) throws Exception {
    Path sources = Path.of(args[0]);
    List<String> only = Arrays.asList(args).subList(1, args.length);
    Path work = Files.createTempDirectory("atll-mutants");
    int killed = 0;
    List<String> survivors = new ArrayList<>();
    try {
      for (Mutant mutant : Mutant.all(sources.resolve("test/mutants"))) {
        if (!only.isEmpty() && only.stream().noneMatch(mutant.name()::startsWith)) {
          continue;
        }
        Path classes = Files.createDirectory(work.resolve(mutant.name()));
        if (!compiles(mutant, sources, classes)) {
          survivors.add(mutant.name());
          System.out.printf("%-34s DOES NOT COMPILE%n", mutant.name());
          continue;
        }
        long began = System.nanoTime();
        String by = "";
        for (String stage : mutant.stages()) {
          if (isFoundBy(stage, classes)) {
            by = stage;
            break;
          }
        }
        if (by.isEmpty()) {
          survivors.add(mutant.name());
        } else {
          killed++;
        }
        System.out.printf(
            "%-34s %-22s %6.1f s  %s%n",
            mutant.name(),
            by.isEmpty() ? "SURVIVED" : "killed by " + by,
            (System.nanoTime() - began) / 1e9,
            mutant.title());
        System.out.flush();
      }
    } finally {
      delete(work);
    }
    System.out.printf("%d killed, %d survived %s%n", killed, survivors.size(), survivors);
    System.exit(survivors.isEmpty() ? 0 : 1);
  }

  /** Compiles the changed file against the classes as they are; the others do not notice. */
  private static boolean compiles(Mutant mutant, Path sources, Path classes) throws IOException {
    Path original = sources.resolve("main/java").resolve(mutant.file());
    Path changed = classes.resolve("src").resolve(mutant.file());
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, mutant.applyTo(Files.readString(original)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            System.err,
            "-proc:none",
            "-nowarn",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            changed.toString());
    return result == 0;
  }

  private static boolean isFoundBy(String stage, Path classes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    // What the engine would notice itself, with assertions on, does not count as found.
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-da:dev.atll..."));
    command.add("-DshrinkSeconds=0");
    command.add("-cp");
    command.add(classes + File.pathSeparator + System.getProperty("java.class.path"));
    command.addAll(List.of(StageMain.class.getName(), stage, "1", Integer.toString(SECONDS_EACH)));
    Path log = classes.resolve(stage + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(SECONDS_EACH + 120L, TimeUnit.SECONDS)) {
        return true; // a history without end
      }
    } finally {
      process.destroyForcibly();
    }
    if (Boolean.getBoolean("verbose")) {
      try (Stream<String> lines = Files.lines(log)) {
        lines.filter(l -> !l.startsWith("count ")).limit(12).forEach(System.out::println);
      }
    }
    return process.exitValue() == 1 || process.exitValue() == 3;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  /** The stages that there are, for the test that the mutants name no others. */
  static Set<String> stages() {
    return StageMain.names();
  }
}
