package dev.atll.env.fault;

import dev.atll.env.OpKind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A call on its way from a wrapper to the file system below. */
abstract class Call {
  final OpKind kind;
  final String name;
  final @Nullable String newName;
  final long bytes;

  Call(OpKind kind, String name, @Nullable String newName, long bytes) {
    this.kind = kind;
    this.name = name;
    this.newName = newName;
    this.bytes = bytes;
  }

  /** Does what was called. */
  abstract void run() throws IOException;

  /** Does the first part of it, where that can happen; by default nothing. */
  void runPartly(double fraction) throws IOException {}

  /** Where a read begins, and -1 of other calls. */
  long position() {
    return -1;
  }

  /** Does it by a device that gives so many bytes at a time at most; by default as ever. */
  void runShort(int most) throws IOException {
    run();
  }

  /** Does it, and changes a byte of what was read; by default as ever. */
  void runWrong(double at) throws IOException {
    run();
  }

  /** What the call acts on. */
  abstract Object target();

  /** What a wrapper does with a call. */
  @FunctionalInterface
  interface Interceptor {
    void around(Call call) throws IOException;
  }

  /** The body of a call that returns something. */
  @FunctionalInterface
  interface Body<T> {
    T run() throws IOException;
  }
}
