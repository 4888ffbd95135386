package dev.atll.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.json.NdjsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Decisions that earlier versions recorded are made again as they were, to the last bit. The files
 * are never made anew: a change of what is decided is a change that this test has to show. Only the
 * events of decisions are kept in them.
 */
final class OldRecordingsTest {
  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({
    // 16,000 operations of ycsb-a, learner linucb, a budget of 4 MB/s, static fallback.
    "atll-epsilon-greedy, 65",
    "ucs-adaptive-epsilon-greedy, 109",
    // 40,000 operations of ycsb-a, a second as the deadline of deletions, a budget of 8 MB/s.
    "atll-deadline, 113",
  })
  void decideAsRecorded(String name, int looks) throws IOException {
    Path recording = dir.resolve(name + ".ndjson");
    try (InputStream packed =
        OldRecordingsTest.class.getResourceAsStream("/recordings/" + name + ".ndjson.gz")) {
      Files.copy(new GZIPInputStream(packed), recording);
    }
    DecisionReplay replay = new DecisionReplay(new DecisionReplay.Other("leveled", null, null));
    try (NdjsonReader reader = NdjsonReader.open(recording)) {
      reader.forEach(stamped -> replay.accept(stamped.event()));
    }
    assertEquals(looks, replay.agreements().looks());
    assertTrue(
        replay.agreements().allRepeated(), ReplayText.of(replay.agreements(), replay.rewards()));
  }
}
