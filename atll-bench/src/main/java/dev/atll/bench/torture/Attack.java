package dev.atll.bench.torture;

import java.io.IOException;

/** What ends the work of a loading process, and what has to be done before its store can be opened. */
interface Attack {
  /** The process is killed, nothing else. */
  Attack KILL =
      new Attack() {
        @Override
        public void strike(Process process) {}

        @Override
        public void recover() {}
      };

  /** Called before a process starts. */
  default void prepare() throws IOException, InterruptedException {}

  /** Called right before the process is killed, if it still runs. */
  void strike(Process process) throws IOException, InterruptedException;

  /** Called when the process is gone: makes the directory usable again. */
  void recover() throws IOException, InterruptedException;

  /** Whether the process may end by itself, since the attack makes its writes fail. */
  default boolean mayEnd() {
    return false;
  }

  /** How long to wait for the process to end by itself before it is killed, in milliseconds. */
  default long waitMillis() {
    return 0;
  }
}
