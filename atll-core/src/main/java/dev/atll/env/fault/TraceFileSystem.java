package dev.atll.env.fault;

import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells a consumer of every call on a file system. Safe for use by many threads. */
public final class TraceFileSystem implements FileSystem {
  private final InterceptedFileSystem intercepted;
  private final Consumer<FileEvent> consumer;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * Wraps a file system.
   *
   * @param consumer called by the thread that made the call, after it
   */
  public TraceFileSystem(FileSystem below, Consumer<FileEvent> consumer) {
    this.intercepted = new InterceptedFileSystem(below, this::around);
    this.consumer = consumer;
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return intercepted.open(directory, create);
  }

  private void around(Call call) throws IOException {
    long number = sequence.getAndIncrement();
    try {
      call.run();
    } catch (Throwable e) {
      consumer.accept(new FileEvent(number, call.kind, call.name, call.newName, call.bytes, e));
      throw e;
    }
    consumer.accept(new FileEvent(number, call.kind, call.name, call.newName, call.bytes, null));
  }
}
