package dev.atll.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void filesAreNamedWithTheReason() {
    assertEquals(
        "nowhere: no such file or directory",
        Failures.describe(new NoSuchFileException("nowhere")));
    assertEquals("x: permission denied", Failures.describe(new AccessDeniedException("x")));
    assertEquals("x: exists already", Failures.describe(new FileAlreadyExistsException("x")));
    assertEquals(
        "nowhere: no such file or directory",
        Failures.describe(new UncheckedIOException(new NoSuchFileException("nowhere"))));
    assertEquals(
        "no directory for the stores: a: no such file or directory",
        Failures.describe(
            new UncheckedIOException("no directory for the stores", new NoSuchFileException("a"))));
  }

  @Test
  void causesAreToldOnce() {
    assertEquals(
        "no dashboard on port 80: Address already in use",
        Failures.describe(
            new IOException(
                "no dashboard on port 80", new BindException("Address already in use"))));
    assertEquals(
        "a: disk full",
        Failures.describe(new IOException("a: disk full", new IOException("disk full"))));
  }

  @Test
  void textsThatSayNothingAloneComeWithTheirNames() {
    assertEquals(
        "ArithmeticException (long overflow)",
        Failures.describe(new ArithmeticException("long overflow")));
    assertTrue(Failures.describe(new OutOfMemoryError("Java heap space")).contains("OutOfMemory"));
    assertEquals("IllegalStateException", Failures.describe(new IllegalStateException()));
    assertEquals("two lines", Failures.describe(new IOException("two\nlines")));
  }
}
