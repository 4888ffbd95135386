package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The planted bugs still fit the sources; {@code atll torture --mutants} plants and hunts them. */
final class MutantsTest {
  @Test
  void everyMutantFitsItsSource() throws IOException {
    Path sources = Path.of(System.getProperty("atll.basedir", ".")).resolve("src");
    List<Mutant> mutants = Mutant.all(sources.resolve("test/mutants"));
    assertTrue(mutants.size() >= 40, mutants.size() + " mutants");
    for (Mutant mutant : mutants) {
      mutant.applyTo(Files.readString(sources.resolve("main/java").resolve(mutant.file())));
      assertTrue(
          MutantMain.stages().containsAll(mutant.stages()),
          () -> mutant.name() + " names no stage: " + mutant.stages());
      for (String test : mutant.tests()) {
        Path source = sources.resolve("test/java").resolve(test.replace('.', '/') + ".java");
        assertTrue(Files.exists(source), () -> mutant.name() + " names no test: " + test);
      }
    }
  }
}
