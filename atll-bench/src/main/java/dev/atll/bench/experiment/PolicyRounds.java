package dev.atll.bench.experiment;

import dev.atll.bench.store.DiskUsage;
import dev.atll.policy.Spec;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares policies at one load. Times come from rounds: in each, every policy does the whole run in
 * a fresh directory, the first of a round being the last of the next, after a warm-up that all of
 * them share. Counts come from a run of each in step with its load, so that the machine has no part
 * in them. Single use.
 */
public final class PolicyRounds {
  /**
   * How often.
   *
   * @param counted rounds that count, at least 1
   * @param warmup shortened rounds before, at least 0
   * @param inStep whether counts come from runs in step with the load; else from the rounds
   */
  public record Rounds(int counted, int warmup, boolean inStep) {}

  private final RunPlan plan;
  private final List<String> policies;
  private final Rounds rounds;
  private final Path root;
  private final boolean keeps;
  private final StoreOpener opener;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final List<String> folders = new ArrayList<>();

  /**
   * Where progress is shown.
   *
   * @param out takes the lines
   * @param terminal whether they can be rewritten
   */
  public record Screen(PrintWriter out, boolean terminal) {}

  /**
   * Prepares a comparison.
   *
   * @param plan what each policy does
   * @param policies the policies, the one that others are related to first; empty names mean what the
   *     settings say, and a name may come twice
   * @param root where the stores go, in a folder each
   * @param keeps whether the stores of the last round stay there
   * @param opener opens the stores of the rounds
   * @param stop ends it early, in order
   * @param screen where progress is shown
   * @throws IllegalStateException if a folder is there already
   */
  public PolicyRounds(
      RunPlan plan,
      List<String> policies,
      Rounds rounds,
      Path root,
      boolean keeps,
      StoreOpener opener,
      StopSignal stop,
      Screen screen) {
    this.plan = plan;
    this.policies = List.copyOf(policies);
    this.rounds = rounds;
    this.root = root;
    this.keeps = keeps;
    this.opener = opener;
    this.stop = stop;
    this.out = screen.out();
    this.terminal = screen.terminal();
    Map<String, Integer> names = new HashMap<>();
    for (String policy : this.policies) {
      String label = policy.isEmpty() ? plan.engine() : Spec.parse(policy).label();
      int nth = names.merge(label, 1, Integer::sum);
      folders.add(nth == 1 ? label : label + "-" + nth);
      for (String suffix : List.of("", ".round", ".in-step")) {
        Path folder = root.resolve(folders.getLast() + suffix);
        if (Files.exists(folder)) {
          throw new IllegalStateException(folder + " exists already; give another --dir");
        }
      }
    }
  }

  /** Runs it; returns a row for each policy that finished a run. */
  public List<Map<String, Object>> run() {
    List<PolicyResult> results = new ArrayList<>();
    policies.forEach(policy -> results.add(new PolicyResult()));
    for (int i = 0; rounds.inStep() && i < policies.size() && !stop.requested(); i++) {
      Path place = root.resolve(folders.get(i) + ".in-step");
      try {
        say(i, "in step with the load");
        results
            .get(i)
            .counted(
                StoreRun.inStep(plan.counting(), policies.get(i), place, stop, out, terminal).run());
      } finally {
        DiskUsage.deleteTree(place);
      }
    }
    for (int round = -rounds.warmup(); round < rounds.counted() && !stop.requested(); round++) {
      for (int i : order(round)) {
        if (!stop.requested()) {
          say(i, round < 0 ? "warm-up" : "round " + (round + 1) + " of " + rounds.counted());
          one(results, round, i);
        }
      }
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PolicyResult result : results) {
      if (result.rounds() > 0) {
        rows.add(result.row(results.getFirst()));
      }
    }
    return rows;
  }

  private void one(List<PolicyResult> results, int round, int i) {
    boolean last = round == rounds.counted() - 1;
    Path place = root.resolve(last ? folders.get(i) : folders.get(i) + ".round");
    try {
      // What an earlier run has left on the heap is not to be collected in this one's time.
      System.gc();
      Map<String, Object> row =
          new StoreRun(
                  round < 0 ? plan.warmUp() : plan, policies.get(i), place, opener, stop, out,
                  terminal)
              .run();
      if (round >= 0) {
        results.get(i).add(row);
      }
    } finally {
      if (!last || !keeps) {
        DiskUsage.deleteTree(place);
      }
    }
  }

  /** Each place in a round falls to each policy in turn. */
  private List<Integer> order(int round) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      order.add(i);
    }
    Collections.rotate(order, -Math.floorMod(round, Math.max(1, policies.size())));
    return order;
  }

  private void say(int i, String what) {
    if (policies.size() > 1 || rounds.counted() > 1) {
      out.printf(Locale.ROOT, "%s: %s%n", folders.get(i), what);
      out.flush();
    }
  }

  /** What a report says of the comparison as a whole. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("rounds", rounds.counted());
    facts.put("warmup_rounds", rounds.warmup());
    facts.put("counts", rounds.inStep() ? "in-step" : "timed");
    return facts;
  }
}
