package dev.atll.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Workers;
import dev.atll.observe.Observer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The process of a {@link ProcessStage}: {@code ProcessMain DIRECTORY SEED MILLIS MISCHIEF COUNT,...}.
 * Opens the store, lets a {@link Crowd} at it, and does one thing to it half way. Says {@code before}
 * and {@code after} with the counts of what was acknowledged before the mischief and at the end; or
 * {@code refused}, if the store could not be opened. Exit code 1 after anything that is wrong.
 */
public final class ProcessMain {
  private ProcessMain() {}

  /** Runs. */
  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
    ProcessMischief mischief = ProcessMischief.valueOf(args[3]);
    long[] there = counts(args[4]);
    int code = 0;
    try {
      run(directory, random, Integer.parseInt(args[2]), mischief, there);
    } catch (AtllException e) {
      say("refused " + e);
    } catch (Throwable e) {
      e.printStackTrace(System.out);
      code = 1;
    }
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  private static void run(
      Path directory, SplittableRandom random, int millis, ProcessMischief mischief, long[] there)
      throws InterruptedException {
    Options options = OptionSet.any(random).options();
    boolean closes = random.nextBoolean();
    long crowd = random.nextLong();
    AtllDb db = Atll.open(directory, options, Observer.none(), new OddClock(random));
    there = Crowd.verify(db, there);
    Crowd writers = new Crowd(db, crowd, there, mischief != ProcessMischief.NONE);
    writers.run(
        () -> {
          LockSupport.parkNanos(millis * 500_000L);
          say("before " + text(writers.acked()));
          try {
            act(mischief, directory);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          LockSupport.parkNanos(millis * 500_000L);
        });
    say("after " + text(writers.acked()));
    if (mischief == ProcessMischief.FORK) {
      copy(directory);
    }
    if (closes) {
      try {
        db.close();
      } catch (AtllException e) {
        if (mischief == ProcessMischief.NONE) {
          throw e;
        }
      }
    }
  }

  private static void act(ProcessMischief mischief, Path directory) throws IOException {
    switch (mischief) {
      case READ_LOCK -> Files.readAllBytes(directory.resolve("LOCK"));
      case DELETE_LOCK -> Files.deleteIfExists(directory.resolve("LOCK"));
      case SECOND_LOADER -> openElsewhere(directory);
      case RENAME -> Files.move(directory, ProcessStage.moved(directory));
      case REMOVE -> {
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Files.deleteIfExists(file);
          }
        }
      }
      case NONE, FORK, READ_ONLY, BARE_ROOT -> {}
    }
  }

  /** As another application in the same server would, with classes of its own. */
  private static void openElsewhere(Path directory) throws IOException {
    List<URL> path = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(Path.of(part).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(
            path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      loader.loadClass(Atll.class.getName()).getMethod("open", Path.class).invoke(null, directory);
      throw new AssertionError("a second class loader opened the store");
    } catch (InvocationTargetException e) {
      if (!e.getCause().getClass().getName().startsWith(AtllException.class.getPackageName())) {
        throw new AssertionError(e);
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** By another process: this one would lose its lock by reading it. */
  private static void copy(Path directory) throws InterruptedException {
    try {
      new ProcessBuilder("cp", "-r", directory.toString(), ProcessStage.moved(directory).toString())
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  static String text(long[] counts) {
    return Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  static long[] counts(String text) {
    return Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
  }

  /** The real world with a wall clock that nobody would believe. */
  private static final class OddClock implements Env, Clock {
    private final Env env = Env.system();
    private final long shift;

    OddClock(SplittableRandom random) {
      // Half of them before 1970, most of them too far in either direction.
      this.shift = random.nextInt(3) == 0 ? 0 : random.nextLong() >> random.nextInt(2, 24);
    }

    @Override
    public FileSystem files() {
      return env.files();
    }

    @Override
    public Clock clock() {
      return this;
    }

    @Override
    public Workers workers() {
      return env.workers();
    }

    @Override
    public RandomGenerator random(String stream) {
      return env.random(stream);
    }

    @Override
    public long nanoTime() {
      return env.clock().nanoTime();
    }

    @Override
    public long currentTimeMillis() {
      return env.clock().currentTimeMillis() + shift;
    }
  }
}
