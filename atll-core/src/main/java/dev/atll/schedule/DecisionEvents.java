package dev.atll.schedule;

import dev.atll.env.Clock;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.RegretEvent;
import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.TreeSnapshot;
import dev.atll.replay.Shown;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.List;

/** What the decider tells the world. */
final class DecisionEvents {
  // The best few tell the story, hundreds would only fill the trace.
  private static final int CANDIDATES_SHOWN = 16;

  private final EventSink events;
  private final Clock clock;

  DecisionEvents(EventSink events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  boolean enabled() {
    return events.enabled();
  }

  void emit(dev.atll.observe.event.VizEvent event) {
    events.emit(event);
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
      shown.add(Shown.of(c, now));
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
