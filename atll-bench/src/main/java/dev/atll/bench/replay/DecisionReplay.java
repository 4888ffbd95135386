package dev.atll.bench.replay;

import dev.atll.kernel.Action;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.Candidate;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.replay.Look;
import dev.atll.replay.LookDecoder;
import dev.atll.replay.Redecider.Choice;
import dev.atll.replay.Redecider;
import dev.atll.schedule.ShownCandidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides each recorded look twice: as it was recorded, which has to give the same to the last bit,
 * and as another policy, scheduler or seed would have it. Events go in one by one, in their order. Not
 * thread-safe.
 */
public final class DecisionReplay {
  /**
   * Who decides in place of who did; null for the one recorded.
   *
   * @param policy name with parameters
   * @param scheduler name with parameters
   * @param seed of their chance
   */
  public record Other(@Nullable String policy, @Nullable String scheduler, @Nullable Long seed) {}

  private final Other other;
  private final Agreements agreements = new Agreements();
  private final OffPolicy rewards = new OffPolicy();
  private final LookDecoder decoder = new LookDecoder();
  private long lastLookId;
  private @Nullable Decider recorded;
  private @Nullable Decider deviating;
  private @Nullable Repeated last;

  /** One of the two, with the rules it was made for. */
  private record Decider(LookRules rules, String policy, String scheduler, Redecider redecider) {}

  /** What the look before the next {@code Made} event came to. */
  private record Repeated(
      Look look, Choice recorded, Choice other, List<dev.atll.observe.event.Candidate> shown) {}

  /** Prepares a replay. */
  public DecisionReplay(Other other) {
    this.other = other;
  }

  /** What has come out so far. */
  public Agreements agreements() {
    return agreements;
  }

  /** Rewards of decisions made by chance. */
  public OffPolicy rewards() {
    return rewards;
  }

  /** Takes the next event of the recording. */
  public void accept(VizEvent event) {
    switch (event) {
      case DecisionEvent.Looked looked -> look(looked);
      case DecisionEvent.Made made -> made(made);
      case DecisionEvent.Rewarded rewarded -> rewards.rewarded(rewarded);
      default -> {
        // Decisions are made again from what policies saw, and from nothing else.
      }
    }
  }

  private void look(DecisionEvent.Looked event) {
    if (event.lookId() <= lastLookId) {
      forget(); // the store was opened anew
    }
    lastLookId = event.lookId();
    Look look = decoder.decode(event);
    if (look == null) {
      agreements.useless();
      forget(); // what policy and scheduler would remember of it is unknown
      return;
    }
    LookRules rules = look.rules();
    Decider repeats = recorded;
    if (repeats == null || !isSamePolicy(repeats.rules, rules)) {
      repeats = decider(rules, new Other(null, null, null));
      agreements.begin(repeats.policy, repeats.scheduler, rules.seed(), looksMissing(event, rules));
      recorded = repeats;
      deviating = null;
    }
    Decider deviates = deviating;
    if (deviates == null) {
      deviates = decider(rules, other);
      agreements.against(deviates.policy, deviates.scheduler);
      deviating = deviates;
    }
    Set<Long> refused = new HashSet<>();
    for (int i = 0; i < event.refused().size(); i++) {
      refused.add(event.refused().get(i));
    }
    Choice again =
        repeats.redecider.decide(look, (place, _) -> refused.contains((long) place));
    Set<Action> impossible = new HashSet<>();
    for (long place : refused) {
      if (place < again.candidates().size()) {
        impossible.add(again.candidates().get((int) place).action());
      }
    }
    Choice deviation =
        deviates.redecider.decide(look, (_, c) -> impossible.contains(c.action()));
    List<dev.atll.observe.event.Candidate> shown = new ArrayList<>();
    again.candidates().forEach(c -> shown.add(ShownCandidate.of(c, look.snapshot())));
    last = new Repeated(look, again, deviation, shown);
    boolean same =
        again.candidates().size() == event.offered() && again.chosen() == event.taken();
    agreements.look(look, again, deviation, same);
  }

  /** Whether a policy and what picks for it go on, be it at other prices. */
  private static boolean isSamePolicy(LookRules before, LookRules now) {
    return before.policy().equals(now.policy())
        && before.scheduler().equals(now.scheduler())
        && before.seed() == now.seed()
        && before.sinceLook() == now.sinceLook();
  }

  private void forget() {
    recorded = null;
    deviating = null;
    last = null;
  }

  private void made(DecisionEvent.Made made) {
    Repeated repeated = last;
    if (repeated == null || repeated.look.event().decisionId() != made.decisionId()) {
      return;
    }
    int from = repeated.recorded.chosen() - made.chosen();
    int to = from + made.candidates().size();
    agreements.made(
        from >= 0
            && to <= repeated.shown.size()
            && agree(repeated.shown.subList(from, to), made.candidates()));
    if (repeated.recorded.chosen() >= 0) {
      Candidate taken = repeated.recorded.candidates().get(repeated.recorded.chosen());
      int place = repeated.other.chosen();
      rewards.made(made, taken, place < 0 ? null : repeated.other.candidates().get(place));
    }
  }

  /** Whether what is shown again is what was recorded, but for reasons that it does not hold. */
  private static boolean agree(
      List<dev.atll.observe.event.Candidate> again,
      List<dev.atll.observe.event.Candidate> recorded) {
    for (int i = 0; i < recorded.size(); i++) {
      var seen = recorded.get(i);
      var now = again.get(i);
      if (!seen.equals(seen.reason() == DecisionReason.UNKNOWN ? now.withoutReason() : now)) {
        return false;
      }
    }
    return true;
  }

  /** Whether looks before this one, which the policy or the scheduler may remember, are not here. */
  private static boolean looksMissing(DecisionEvent.Looked event, LookRules rules) {
    return event.lookId() > rules.sinceLook();
  }

  private static Decider decider(LookRules rules, Other other) {
    String policy = other.policy() == null ? rules.policy().value() : other.policy();
    String scheduler = other.scheduler() == null ? rules.scheduler().value() : other.scheduler();
    long seed = other.seed() == null ? rules.seed() : other.seed();
    return new Decider(
        rules,
        policy,
        scheduler,
        new Redecider(Policies.byName(policy, seed), Pickers.byName(scheduler, seed)));
  }
}
