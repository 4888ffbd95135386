package dev.atll.blackbox;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A second JVM with the class path of the tests, heard through its standard output. */
final class ChildJvm implements AutoCloseable {
  private static final Pattern NEEDED =
      Pattern.compile("atll-|jspecify|junit-jupiter-api|opentest4j|junit-platform-commons");

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a main class with a heap of so many mebibytes. */
  static ChildJvm start(int heapMebibytes, Class<?> main, Object... args) throws IOException {
    return new ChildJvm(start(new ArrayList<>(), heapMebibytes, main, args));
  }

  /** As {@link #start}, under a limit of the shell, such as {@code -n 100}. */
  static ChildJvm startLimited(String limit, int heapMebibytes, Class<?> main, Object... args)
      throws IOException {
    List<String> shell = new ArrayList<>();
    shell.addAll(List.of("/bin/sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh"));
    return new ChildJvm(start(shell, heapMebibytes, main, args));
  }

  /** Keeps log lines out of what the child says. */
  public static final class NoLogging {
    /** Called by the log manager. */
    public NoLogging() throws IOException {
      LogManager.getLogManager()
          .readConfiguration(
              new ByteArrayInputStream(".level=OFF".getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private static Process start(
      List<String> command, int heapMebibytes, Class<?> main, Object... args)
      throws IOException {
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx" + heapMebibytes + "m", "-ea"));
    command.add("-Djava.util.logging.config.class=" + NoLogging.class.getName());
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    // What it logs is not what it says.
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Without what only the tests' runner needs: each jar that is searched takes a descriptor. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.isDirectory(Path.of(entry)) || NEEDED.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The next line it says, or null at its end. */
  String hear() throws IOException {
    return output.readLine();
  }

  /** All it says until its end. */
  List<String> hearAll() throws IOException {
    return output.readAllLines();
  }

  /** SIGTERM, as Ctrl-C and service managers send. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Its exit code, once it has ended. */
  int await() throws InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new AssertionError("the child does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    output.close();
  }
}
