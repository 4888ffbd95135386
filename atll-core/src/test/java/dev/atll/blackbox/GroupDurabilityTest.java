package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.WriteBatch;
import dev.atll.engine.Together;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.Observer;
import dev.atll.write.SimulatedGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Groups of one to three writers, each with any durability, as the first thing that a store is asked
 * to write: whoever leads, each member is as durable as it asked for when the power goes.
 */
class GroupDurabilityTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Options OPTIONS =
      Options.builder().syncInterval(INTERVAL).spaceReserveBytes(0).build();

  static Stream<List<Durability>> groups() {
    List<List<Durability>> all = new ArrayList<>();
    List<List<Durability>> shorter = List.of(List.of());
    for (int members = 1; members <= 3; members++) {
      List<List<Durability>> longer = new ArrayList<>();
      for (List<Durability> group : shorter) {
        for (Durability next : Durability.values()) {
          List<Durability> more = new ArrayList<>(group);
          more.add(next);
          longer.add(more);
        }
      }
      all.addAll(longer);
      shorter = longer;
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void eachMemberIsAsDurableAsItAskedFor(List<Durability> group) {
    SimEnv env = new SimEnv(1);
    try (AtllDb db = Atll.open(DIRECTORY, OPTIONS, Observer.none(), env)) {
      List<SimulatedGroup.Member> members = new ArrayList<>();
      for (int i = 0; i < group.size(); i++) {
        WriteBatch batch = new WriteBatch().put(Content.key(i), Content.value(i, 20));
        members.add(new SimulatedGroup.Member(batch, group.get(i)));
      }
      List<SimulatedGroup.Answer> answers = Together.write(db, members);
      check(db, env, group, answers, Durability.SYNC);
      env.workers().advance(2 * INTERVAL.toNanos());
      check(db, env, group, answers, Durability.INTERVAL);
      check(db, env, group, answers, Durability.SYNC);
    }
  }

  private static void check(
      AtllDb db,
      SimEnv env,
      List<Durability> group,
      List<SimulatedGroup.Answer> answers,
      Durability asked) {
    SimFileSystem left = env.files().crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
    try (AtllDb after = Atll.open(DIRECTORY, OPTIONS, Observer.none(), new SimEnv(2, left))) {
      for (int i = 0; i < group.size(); i++) {
        if (group.get(i) == asked) {
          long revision = answers.get(i).revision();
          assertTrue(db.durableRevision() >= revision, () -> "revision " + revision);
          assertArrayEquals(Content.value(i, 20), after.get(Content.key(i)), "member " + i);
        }
      }
    }
  }
}
