package dev.atll.torture;

import dev.atll.blackbox.ConcurrentHistories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Histories of several threads, each searched for an order of the calls that explains it. */
final class ThreadStage implements Stage {
  // A store is left for a new one before it grows large.
  private static final int HISTORIES_EACH = 2000;

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      try {
        Path directory = Files.createTempDirectory("atll-threads");
        try {
          run(directory, seed, campaign);
        } finally {
          delete(directory);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }

  private static void run(Path directory, long seed, Campaign campaign) {
    try (ConcurrentHistories histories = new ConcurrentHistories(directory, seed)) {
      for (int i = 0; i < HISTORIES_EACH && campaign.goesOn(); i++) {
        campaign.figures.concurrent++;
        @Nullable String wrong = histories.findWrongOne();
        if (wrong != null) {
          campaign.figures.wrong++;
          throw new AssertionError("no order explains this history\n" + wrong);
        }
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
