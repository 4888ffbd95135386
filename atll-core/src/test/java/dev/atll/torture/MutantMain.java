package dev.atll.torture;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Tests the tests: plants each {@link Mutant} in turn, runs the tests and the stages that must find
 * it, each in a process of its own for {@value #SECONDS_EACH} seconds at most, and says who lived.
 * {@code MutantMain [--tests] SOURCES [NAME...]}, where SOURCES is {@code atll-core/src}; with
 * {@code --tests} only those that name tests, and without the stages. Two at a time. Exit code 1 if
 * any lived.
 */
public final class MutantMain {
  static final int SECONDS_EACH = Integer.getInteger("mutantSeconds", 60);
  private static final int AT_A_TIME = 2;

  /**
   * What became of one.
   *
   * @param by what found it, empty if nothing did
   */
  private record Verdict(Mutant mutant, String by, double seconds, String log) {
    String line() {
      return "%-38s %-34s %6.1f s  %s"
          .formatted(
              mutant.name(),
              by.isEmpty() ? "SURVIVED" : "killed by " + by,
              seconds,
              mutant.title());
    }
  }

  private final Path sources;
  private final Path work;
  private final Path runner;
  private final boolean stagesToo;

  private MutantMain(Path sources, Path work, boolean stagesToo) throws IOException {
    this.sources = sources.toAbsolutePath().normalize();
    this.work = work;
    this.stagesToo = stagesToo;
    this.runner = Files.createDirectory(work.resolve("runner"));
    if (!compiles(this.sources.resolve("test/mutants/TestsMain.java"), runner)) {
      throw new IllegalStateException("the runner of the tests does not compile");
    }
  }

  /** Runs all, or those whose names begin as given. */
  public static void main(String[] args) throws Exception {
    List<String> given = new ArrayList<>(Arrays.asList(args));
    boolean stagesToo = !given.remove("--tests");
    Path sources = Path.of(given.removeFirst());
    List<Mutant> mutants =
        Mutant.all(sources.resolve("test/mutants")).stream()
            .filter(m -> stagesToo || !m.tests().isEmpty())
            .filter(m -> given.isEmpty() || given.stream().anyMatch(m.name()::startsWith))
            .toList();
    Path work = Files.createTempDirectory("atll-mutants");
    // Also when a signal ends it, which ends the processes as well.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAtLast(work)));
    List<String> survivors = new ArrayList<>();
    long began = System.nanoTime();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      MutantMain main = new MutantMain(sources, work, stagesToo);
      List<Future<Verdict>> verdicts =
          mutants.stream().map(m -> pool.submit(() -> main.judge(m))).toList();
      for (Future<Verdict> future : verdicts) {
        Verdict verdict = future.get();
        System.out.println(verdict.line());
        if (verdict.by().isEmpty()) {
          survivors.add(verdict.mutant().name());
          System.out.print(verdict.log());
        }
        System.out.flush();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      delete(work);
    }
    System.out.printf(
        "%d planted, %d killed, %d survived %s in %.0f s%n",
        mutants.size(),
        mutants.size() - survivors.size(),
        survivors.size(),
        survivors,
        (System.nanoTime() - began) / 1e9);
    System.exit(survivors.isEmpty() ? 0 : 1);
  }

  /** Plants one and hunts it. */
  private Verdict judge(Mutant mutant) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Path classes = Files.createDirectory(work.resolve(mutant.name()));
    String by = "";
    StringBuilder log = new StringBuilder();
    if (!compiles(mutant, classes)) {
      log.append("  does not compile\n");
    } else {
      by = found(mutant, classes, log);
    }
    delete(classes);
    return new Verdict(mutant, by, (System.nanoTime() - began) / 1e9, log.toString());
  }

  private String found(Mutant mutant, Path classes, StringBuilder log)
      throws IOException, InterruptedException {
    MutantRun run =
        new MutantRun(
            classes,
            classes + File.pathSeparator + runner + File.pathSeparator + classPath(),
            sources.resolve("..").normalize(),
            SECONDS_EACH);
    String by = mutant.tests().isEmpty() ? "" : run.tests(mutant.tests(), log);
    if (stagesToo) {
      for (String stage : mutant.stages()) {
        if (!by.isEmpty()) {
          break;
        }
        by = run.stage(stage, log);
      }
    }
    return by;
  }

  /** Compiles the changed file against the classes as they are; the others do not notice. */
  private boolean compiles(Mutant mutant, Path classes) throws IOException {
    Path original = sources.resolve("main/java").resolve(mutant.file());
    Path changed = classes.resolve("src").resolve(mutant.file());
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, mutant.applyTo(Files.readString(original)));
    return compiles(changed, classes);
  }

  private static boolean compiles(Path source, Path classes) throws IOException {
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                System.err,
                "-proc:none",
                "-nowarn",
                "-cp",
                classPath(),
                "-d",
                classes.toString(),
                source.toString());
    return result == 0;
  }

  private static void deleteAtLast(Path directory) {
    try {
      if (Files.exists(directory)) {
        delete(directory);
      }
    } catch (IOException | UncheckedIOException e) {
      // A process that was about to end has made or deleted a file meanwhile.
      System.err.println("not deleted: " + directory + ": " + e);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** The stages that there are, for the test that the mutants name no others. */
  static Set<String> stages() {
    return StageMain.names();
  }

  /** That of this process, and what tests need besides: a file of the build says where it is. */
  private static String classPath() throws IOException {
    String own = System.getProperty("java.class.path");
    String more = System.getProperty("atll.test.classpath");
    return more == null
        ? own
        : own + File.pathSeparator + Files.readString(Path.of(more)).strip();
  }
}
