package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.write.SimulatedGroup;
import java.util.List;

/** Writes of several callers that meet in one commit group of a simulated store. */
public final class Together {
  private Together() {}

  /** Commits them as one group, in their order. */
  public static List<SimulatedGroup.Answer> write(AtllDb db, List<SimulatedGroup.Member> members) {
    Engine engine = (Engine) db;
    List<SimulatedGroup.Answer> answers =
        SimulatedGroup.commit(engine.parts.commits, members);
    engine.parts.workers.yieldPoint();
    return answers;
  }
}
