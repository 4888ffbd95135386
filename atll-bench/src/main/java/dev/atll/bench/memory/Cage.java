package dev.atll.bench.memory;

import java.nio.file.Path;
import java.util.List;

/** What a process is started in: a control group, or a test's own. */
interface Cage extends AutoCloseable {
  /** The files that a process writes its number to, to be inside. */
  List<Path> entrances();

  /** How many processes the kernel killed for want of memory. */
  long killed();

  /** Kills what is still inside and removes it. */
  @Override
  void close();
}
