package dev.atll.torture;

import dev.atll.policy.Candidate;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Policies;
import dev.atll.policy.PolicyProvider;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.Spec;
import dev.atll.policy.TreeSnapshot;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;

/** A policy as another jar may bring one: {@code atll}, passing a {@link Trap} at each call. */
public final class TrapPolicy implements PolicyProvider {
  static final String NAME = "trapped";
  private static final String SERVICE = "META-INF/services/" + PolicyProvider.class.getName();

  /** Made by the service loader. */
  public TrapPolicy() {}

  /** Makes this policy known to whoever asks with this loader, and to nobody else. */
  static ClassLoader loader() {
    URL line = Objects.requireNonNull(TrapPolicy.class.getResource("/testdata/torture/provider"));
    return new ClassLoader(TrapPolicy.class.getClassLoader()) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(SERVICE)
            ? Collections.enumeration(List.of(line))
            : super.getResources(name);
      }
    };
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String explanation() {
    return "throws where it is told to";
  }

  @Override
  public CompactionPolicy create(Spec spec, long seed) {
    Trap.pass(Trap.Point.POLICY);
    CompactionPolicy policy = Policies.byName("atll", seed);
    return new CompactionPolicy() {
      @Override
      public String name() {
        Trap.pass(Trap.Point.POLICY);
        return NAME;
      }

      @Override
      public String picker() {
        Trap.pass(Trap.Point.POLICY);
        return policy.picker();
      }

      @Override
      public List<Candidate> candidates(TreeSnapshot now) {
        Trap.pass(Trap.Point.POLICY);
        return policy.candidates(now);
      }

      @Override
      public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
        Trap.pass(Trap.Point.POLICY);
        return policy.predictedRuns(now, slot);
      }
    };
  }
}
