package dev.atll.schedule;

import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.RegretEvent;
import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.TreeSnapshot;
import dev.atll.version.Guards;
import dev.atll.version.Version;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** What the decider tells the world. */
final class DecisionEvents {
  // The best few tell the story, hundreds would only fill the trace.
  private static final int CANDIDATES_SHOWN = 16;

  private static final SafeLog LOG = SafeLog.of("dev.atll.schedule");

  private final Reports events;
  private final Clock clock;

  DecisionEvents(Reports events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** A slot was cut in two. */
  void split(Version next, int level, byte[] key) {
    events.run(
        () -> {
          if (events.enabled()) {
            int left = next.level(level).guards().slotOf(key) - 1;
            events.emit(
                new GuardEvent.Split(
                    clock.nanoTime(),
                    level,
                    left,
                    KeyFractions.fraction(key),
                    next.level(level).slots().get(left).bytes(),
                    next.level(level).slots().get(left + 1).bytes()));
          }
        });
  }

  /** A slot was put aside after a failure. */
  void quarantined(Leases.SlotKey slot, Quarantine.Line line, Version now, Throwable e) {
    Guards guards = now.level(slot.level()).guards();
    int rank = guards.slotOf(slot.low());
    // The event makes a line of the log; the stack is for those who look closer.
    LOG.log(Level.DEBUG, () -> "a compaction failed", e);
    events.run(
        () ->
            events.emit(
                new CompactionEvent.Quarantined(
                    clock.nanoTime(),
                    slot.level(),
                    rank,
                    KeyFractions.fraction(slot.low()),
                    KeyFractions.fraction(guards.high(rank)),
                    line.cause(),
                    line.failures(),
                    line.nanos())));
  }

  /** A job over a slot that had been put aside went through. */
  void released(Leases.SlotKey slot, Quarantine.Line line, Version now) {
    events.run(
        () -> {
          Guards guards = now.level(slot.level()).guards();
          int rank = guards.slotOf(slot.low());
          events.emit(
              new CompactionEvent.Released(
                  clock.nanoTime(),
                  slot.level(),
                  rank,
                  KeyFractions.fraction(slot.low()),
                  KeyFractions.fraction(guards.high(rank)),
                  line.failures()));
        });
  }

  void made(
      long decisionId,
      Version version,
      String policy,
      TreeSnapshot now,
      List<Candidate> candidates,
      int chosen,
      double theta,
      double price,
      ThetaTuner tuner,
      Chooser chooser,
      long seed,
      long beganNanos) {
    if (!events.enabled()) {
      return;
    }
    int from = Math.max(0, Math.min(chosen, candidates.size() - CANDIDATES_SHOWN));
    int to = Math.min(candidates.size(), from + CANDIDATES_SHOWN);
    List<dev.atll.observe.event.Candidate> shown = new ArrayList<>();
    for (Candidate c : candidates.subList(from, to)) {
      shown.add(ShownCandidate.of(c, now));
    }
    long nowNanos = clock.nanoTime();
    events.emit(
        new DecisionEvent.Made(
            nowNanos,
            decisionId,
            version.nextNumber(),
            Label.of(policy),
            shown,
            chosen - from,
            theta,
            price,
            tuner.arm(),
            Doubles.of(tuner.propensities()),
            Doubles.of(tuner.context()),
            chooser.propensity(),
            chooser.explored() || tuner.explored(),
            seed,
            nowNanos - beganNanos));
  }

  void rewarded(RewardBook.Reward reward) {
    if (!events.enabled()) {
      return;
    }
    events.emit(
        new DecisionEvent.Rewarded(
            clock.nanoTime(),
            reward.decisionId(),
            Label.of(reward.policy()),
            reward.arm(),
            reward.value(),
            reward.savedNanos() / 1000,
            reward.costNanos() / 1000,
            0,
            reward.delayNanos()));
  }

  void gain(AdaptivityGain gain) {
    if (!events.enabled() || Double.isNaN(gain.overlap())) {
      return;
    }
    events.emit(
        new RegretEvent.GainPredicted(
            clock.nanoTime(),
            gain.overlap(),
            gain.overlapLow(),
            gain.overlapHigh(),
            gain.gain(),
            gain.gainLow(),
            gain.gainHigh(),
            gain.ranges(),
            gain.reads(),
            gain.writes()));
  }

  void adaptivity(boolean adaptive, double gainLow) {
    if (events.enabled()) {
      events.emit(new RegretEvent.AdaptivityChanged(clock.nanoTime(), adaptive, gainLow));
    }
  }
}
