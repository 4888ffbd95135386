package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.env.sim.SimClock;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.PoisonCause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreLogTest {
  private static final Logger LOGGER = Logger.getLogger("dev.atll.store");
  private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line);
          if (line.getMessage().contains("unlucky")) {
            throw new IllegalStateException("a handler of somebody");
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final SimClock clock = new SimClock(0, 0);
  private final StoreLog log = new StoreLog(clock, false);

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
    log.store(Path.of("/db"));
  }

  @AfterEach
  void leave() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
    LOGGER.setLevel(null);
  }

  @Test
  void repeatedLinesAreRationedAndTheNextSaysHowManyWereLeftOut() {
    for (int i = 0; i < 100; i++) {
      log.damaged(new CorruptionException("000000000007.sst", i, "bad"));
    }
    assertEquals(5, lines.size());
    clock.advance(61_000_000_000L);
    log.damaged(new CorruptionException("000000000007.sst", 4711, "bad"));
    log.damaged(new CorruptionException("000000000007.sst", 4712, "bad"));
    assertEquals(6, lines.size());
    String last = lines.getLast().getMessage();
    assertTrue(last.contains("/db") && last.contains("000000000007.sst"), last);
    assertTrue(last.contains("offset 4711") && last.contains("95 lines like this"), last);
  }

  @Test
  void aLoggerThatThrowsHurtsNobody() {
    log.store(Path.of("/unlucky"));
    log.poisoned(new IOException("no"));
    assertEquals(Level.SEVERE, lines.getFirst().getLevel());
  }

  @Test
  void textIsMadeOnlyForALevelThatIsRead() {
    LOGGER.setLevel(Level.OFF);
    List<String> made = new ArrayList<>();
    log.poisoned(
        new IOException("no") {
          private static final long serialVersionUID = 1L;

          @Override
          public String toString() {
            made.add("text");
            return super.toString();
          }
        });
    assertEquals(List.of(), made);
    assertEquals(List.of(), lines);
  }

  @Test
  void aSimulationsTroubleIsNobodysTrouble() {
    new StoreLog(clock, true).poisoned(new IOException("no"));
    assertEquals(List.of(), lines, "DEBUG only");
  }

  @Test
  void poisonTellsCauseAndFile() {
    EngineEvent.Poisoned poisoned =
        PoisonNews.of(
            new IllegalStateException(
                "around", new IOException("cannot write /x/000000000012.wal: gone")),
            5);
    assertEquals(
        new EngineEvent.Poisoned(5, PoisonCause.WRITE_FAILED, FileKind.WAL, 12), poisoned);
    assertEquals(
        new EngineEvent.Poisoned(5, PoisonCause.MANIFEST_FAILED, FileKind.MANIFEST, 3),
        PoisonNews.of(new IOException("MANIFEST-000000000003 failed"), 5));
    assertEquals(
        new EngineEvent.Poisoned(5, PoisonCause.INTERNAL, FileKind.OTHER, 0),
        PoisonNews.of(new NullPointerException(), 5));
  }
}
