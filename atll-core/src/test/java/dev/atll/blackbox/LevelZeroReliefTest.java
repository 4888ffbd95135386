package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import dev.atll.kernel.Action;
import dev.atll.observe.Observer;
import dev.atll.policy.Candidate;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicyProvider;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.Spec;
import dev.atll.policy.TreeSnapshot;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Level 0 waits for slots at their cap of runs; whatever the policy says, they are relieved. */
class LevelZeroReliefTest {
  private static final int FLUSHES = 40;

  /** A policy of another jar that finds every tree to its liking, or wants each slot cut and nothing else. */
  public static final class Idle implements PolicyProvider {
    /** Made by the service loader. */
    public Idle() {}

    @Override
    public String name() {
      return "content";
    }

    @Override
    public String explanation() {
      return "never does anything";
    }

    @Override
    public CompactionPolicy create(Spec spec, long seed) {
      boolean cuts = spec.whole("cuts", 0, 0, 1) == 1;
      return new CompactionPolicy() {
        @Override
        public String name() {
          return spec.label();
        }

        @Override
        public List<Candidate> candidates(TreeSnapshot now) {
          return cuts ? cutsOf(now) : List.of();
        }

        @Override
        public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
          return Double.NaN;
        }
      };
    }
  }

  private static List<Candidate> cutsOf(TreeSnapshot now) {
    List<Candidate> cuts = new ArrayList<>();
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        if (!slot.leased() && !slot.runs().isEmpty()) {
          Action cut = new Action.Split(slot.level(), slot.rank());
          cuts.add(new Candidate(cut, Candidate.Reason.SPLIT, 0, 0, 0, 0, 1, false));
        }
      }
    }
    return cuts;
  }

  private static Options options(String policy) {
    return Options.builder()
        .policy(policy)
        .runsCap(2)
        .fanout(4)
        .memtableBytes(16 << 10)
        .slotBytes(4 << 10)
        .levelCount(3)
        .levelZeroSlow(1)
        .levelZeroMax(2)
        .spaceReserveBytes(0)
        .compactionJobs(1)
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"content", "content:cuts=1"})
  void aPolicyThatDoesNothingUsefulHoldsNobodyBack(String policy, @TempDir Path temp)
      throws IOException {
    Path services = Files.createDirectories(temp.resolve("META-INF/services"));
    Files.writeString(services.resolve(PolicyProvider.class.getName()), Idle.class.getName());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {temp.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(jar);
      try (AtllDb db =
          Atll.open(Path.of("/db"), options(policy), Observer.none(), new SimEnv(1))) {
        for (int i = 0; i < FLUSHES; i++) {
          db.put(new byte[] {7}, new byte[] {(byte) i});
          db.flush();
        }
        assertTrue(db.settle(Duration.ofMinutes(1)));
        assertEquals(List.of(0), db.stats().levels().getFirst().slotRuns(), "runs in level 0");
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
