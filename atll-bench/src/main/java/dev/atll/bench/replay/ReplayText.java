package dev.atll.bench.replay;

import dev.atll.bench.replay.Agreements.Difference;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import dev.atll.policy.Candidate;
import dev.atll.replay.Look;
import dev.atll.replay.Redecider.Choice;
import dev.atll.schedule.ShownCandidate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a replay of decisions came to, in words. */
public final class ReplayText {
  private static final int CANDIDATES_SHOWN = 6;
  private static final double NANOS_PER_MILLI = 1e6;

  private ReplayText() {}

  /** The report. */
  public static String of(Agreements a, OffPolicy rewards) {
    StringBuilder text = new StringBuilder();
    if (a.looks() == 0) {
      return "no look of a policy is recorded, or none could be rebuilt: record with atll run --record\n";
    }
    line(text, "looks",
        String.format(
            Locale.ROOT,
            "%,d, of which %,d came to a decision",
            a.looks(), a.decisions()));
    if (a.uselessLooks() > 0) {
      line(
          text,
          "not rebuilt",
          String.format(
              Locale.ROOT,
              "%,d looks, since others before them are missing",
              a.uselessLooks()));
    }
    line(
        text,
        "recorded",
        String.format(
            Locale.ROOT,
            "%s, scheduler %s, seed %d",
            a.policy(), a.scheduler(), a.seed()));
    line(
        text,
        "decided again",
        String.format(
            Locale.ROOT,
            "%,d of %,d looks and %,d of %,d decisions the same to the last bit%s",
            a.looksRepeated(),
            a.looks(),
            a.decisionsRepeated(),
            a.decisionsShown(),
            a.allRepeated() ? "" : a.memoryMissing() ? "; looks that policy or scheduler may remember are missing" : "; THEY SHOULD ALL BE"));
    Difference notRepeated = a.firstNotRepeated();
    if (notRepeated != null) {
      text.append("\nfirst look that came out otherwise:\n");
      difference(text, notRepeated, "recorded: candidate " + notRepeated.look().event().taken());
      lists(text, notRepeated.look(), "again", notRepeated.recorded());
    }
    String other = a.otherPolicy() + ", scheduler " + a.otherScheduler();
    text.append("\nin its place: ").append(other).append("\n\n");
    text.append(kinds(a));
    if (a.idle() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "\nof %,d looks that came to nothing, it does nothing on %,d\n",
              a.idle(), a.idleBoth()));
    }
    Difference different = a.firstDifference();
    if (different != null) {
      text.append("\nfirst decision on which it differs:\n");
      difference(text, different, "decision " + different.look().event().decisionId());
      lists(text, different.look(), a.policy(), different.recorded());
      lists(text, different.look(), a.otherPolicy(), different.other());
    }
    text.append('\n').append(rewards(rewards.estimates()));
    text.append(
        """

        What this can tell: each decision is judged alone, on the tree that the recorded decisions made.
        A run under other decisions would have had other trees; what that costs is for the simulator.
        Burden is what reads had paid by then at the boundaries that an action removes, cost the price of
        its bytes: not what either brought afterwards. Theta is taken as recorded, also where a learner
        had set it.
        """);
    return text.toString();
  }

  private static String kinds(Agreements a) {
    Table table =
        new Table(
            1, "what was done", "decisions", "same", "other", "nothing", "burden ms",
            "its burden", "cost ms", "its cost", "index", "its index");
    Agreements.Kind all = new Agreements.Kind();
    a.kinds()
        .forEach(
            (name, kind) -> {
              row(table, name, kind);
              all.made += kind.made;
              all.same += kind.same;
              all.other += kind.other;
              all.nothing += kind.nothing;
              all.burdenNanos += kind.burdenNanos;
              all.costNanos += kind.costNanos;
              all.otherBurdenNanos += kind.otherBurdenNanos;
              all.otherCostNanos += kind.otherCostNanos;
            });
    row(table, "all", all);
    return table.toString();
  }

  private static void row(Table table, String name, Agreements.Kind kind) {
    table.row(
        name,
        String.format(Locale.ROOT, "%,d", kind.made),
        String.format(Locale.ROOT, "%,d", kind.same),
        String.format(Locale.ROOT, "%,d", kind.other),
        String.format(Locale.ROOT, "%,d", kind.nothing),
        millis(kind.burdenNanos),
        millis(kind.otherBurdenNanos),
        millis(kind.costNanos),
        millis(kind.otherCostNanos),
        index(kind.burdenNanos, kind.costNanos),
        index(kind.otherBurdenNanos, kind.otherCostNanos));
  }

  private static String millis(double nanos) {
    return Numbers.fixed(nanos / NANOS_PER_MILLI);
  }

  private static String index(double burden, double cost) {
    return cost == 0 ? "-" : Numbers.fixed(burden / cost);
  }

  private static void difference(StringBuilder text, Difference difference, String what) {
    text.append(
        String.format(
            Locale.ROOT,
            "look %d, %s, theta %s\n",
            difference.look().event().lookId(), what, difference.look().snapshot().theta()));
  }

  private static void lists(StringBuilder text, Look look, String who, Choice choice) {
    text.append("  ").append(who).append(": ");
    if (choice.candidates().isEmpty()) {
      text.append("no candidates\n");
      return;
    }
    text.append(choice.candidates().size()).append(" candidates");
    text.append(choice.chosen() < 0 ? ", none carried out\n" : "\n");
    int from = Math.max(0, Math.min(choice.chosen(), choice.candidates().size() - CANDIDATES_SHOWN));
    int to = Math.min(choice.candidates().size(), from + CANDIDATES_SHOWN);
    for (int i = from; i < to; i++) {
      Candidate c = choice.candidates().get(i);
      var shown = ShownCandidate.of(c, look.snapshot());
      text.append(
          String.format(
              Locale.ROOT,
              "  %s %3d  %-28s L%d slot %d, runs %d to %d, %s, burden %s ms, cost %s ms, %s%s\n",
              i == choice.chosen() ? ">" : " ",
              i,
              Agreements.name(c),
              shown.level(),
              shown.slot(),
              shown.firstRun(),
              shown.firstRun() + shown.runs() - 1,
              Numbers.bytes((double) c.bytesWritten()),
              millis(c.burdenNanos()),
              millis(c.costNanos()),
              Double.isNaN(shown.index())
                  ? "no index: without cost"
                  : "index " + Numbers.fixed(shown.index()),
              c.urgent() ? ", urgent" : ""));
    }
  }

  private static String rewards(OffPolicy.@Nullable Estimates e) {
    if (e == null) {
      return "No rewarded decision was made by chance (propensity below 1): nothing can be said from"
          + " rewards\nabout decisions that were not made.\n";
    }
    Table table = new Table(1, "mean reward, 95 % interval", "estimate", "low", "high");
    row(table, "as recorded", e.logged());
    row(table, "its, inverse propensity", e.ips());
    row(table, "its, self-normalised", e.snips());
    row(table, "its, doubly robust", e.doublyRobust());
    return
        String.format(
            Locale.ROOT,
            "%s%,d decisions made by chance and rewarded, worth %s to it; %,d others left out\n",
            table, e.samples(), Numbers.fixed(e.effective()), e.certain());
  }

  private static void row(Table table, String name, OffPolicy.Estimate e) {
    table.row(name, real(e.value()), real(e.low()), real(e.high()));
  }

  private static String real(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-14s %s%n",
            name, value).replace(System.lineSeparator(), "\n"));
  }
}
