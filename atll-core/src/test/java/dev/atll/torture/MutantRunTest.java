package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class MutantRunTest {
  /** With nothing on their class path, processes end with exit code 1 like those that find a bug. */
  @Test
  @Timeout(120)
  void aProcessThatCouldNotStartFindsNothing(@TempDir Path temp) throws Exception {
    MutantRun run = new MutantRun(temp, temp.toString(), temp, 60);
    StringBuilder log = new StringBuilder();
    assertEquals("", run.tests(List.of("dev.atll.NoTest"), log));
    assertEquals("", run.stage("histories", log));
    assertTrue(log.toString().contains("exit code 1"), log::toString);
  }
}
