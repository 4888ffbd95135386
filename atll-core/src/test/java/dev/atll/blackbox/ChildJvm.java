package dev.atll.blackbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second JVM with the class path of the tests, heard through its standard output. */
final class ChildJvm implements AutoCloseable {
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

  private static Process start(
      List<String> command, int heapMebibytes, Class<?> main, Object... args)
      throws IOException {
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx" + heapMebibytes + "m", "-ea", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    // What it logs is not what it says.
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
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
