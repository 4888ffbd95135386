package dev.atll.env.fault;

import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A file system whose syncs, openings and changes of names take their time, before and after they are
 * done: what other threads may do meanwhile, they do. Simulated files answer at once, and hide what
 * real ones show.
 */
public final class LateFiles implements FileSystem {
  private static final int NANOS_MAX = 400_000;

  private static final Set<OpKind> LATE =
      EnumSet.of(
          OpKind.CREATE,
          OpKind.OPEN,
          OpKind.RENAME,
          OpKind.DELETE,
          OpKind.SYNC,
          OpKind.SYNC_DIRECTORY);

  private final FileSystem intercepted;
  private final Runnable pause;

  /**
   * Wraps a file system.
   *
   * @param pause what happens before and after each such call; by the calling thread
   */
  public LateFiles(FileSystem below, Runnable pause) {
    this.intercepted = new InterceptedFileSystem(below, this::around);
    this.pause = pause;
  }

  /** Pauses at random, up to 0.4 ms each time. */
  public static LateFiles atRandom(FileSystem below) {
    return new LateFiles(
        below,
        () -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          if (random.nextBoolean()) {
            LockSupport.parkNanos(random.nextInt(NANOS_MAX));
          }
        });
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return intercepted.open(directory, create);
  }

  private void around(Call call) throws IOException {
    boolean late = LATE.contains(call.kind);
    if (late) {
      pause.run();
    }
    call.run();
    if (late) {
      pause.run();
    }
  }
}
