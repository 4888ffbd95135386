package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.observe.EventSink;
import dev.atll.observe.SafeLog;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.TreeSnapshot;
import dev.atll.version.Version;
import java.lang.System.Logger.Level;
import java.util.ServiceLoader;

/**
 * Told by a decider of each look at the tree and what came of it. A store does without; what writes
 * looks down and measures regret is a jar of its own, found if it is there. Guarded by the decider's
 * lock.
 */
public interface DecisionLog {
  /** Makes logs; found by {@link ServiceLoader}. */
  interface Provider {
    /**
     * A log for one decider.
     *
     * @param events where looks and regret are told
     * @param scheduler name of the picker in force
     */
    DecisionLog create(EventSink events, Clock clock, Options options, String scheduler);
  }

  /** A look begins. */
  void begin(CompactionPolicy now, Picker picker);

  /** A candidate of the look under way could not be carried out. */
  void refused(int position);

  /** The picker was told what an earlier choice brought. */
  void told(long slotId, double savedNanos, double costNanos);

  /**
   * A look ended.
   *
   * @param decisionId the decision, 0 if nothing was carried out
   * @param chosen position of what was carried out, or -1
   */
  void looked(
      long decisionId,
      Version version,
      TreeSnapshot now,
      double decay,
      int candidates,
      int chosen);

  /** The log that the class path offers, or one that only says, once, that there is none. */
  static DecisionLog of(EventSink events, Clock clock, Options options, String scheduler) {
    return ServiceLoader.load(Provider.class, DecisionLog.class.getClassLoader())
        .findFirst()
        .map(provider -> provider.create(events, clock, options, scheduler))
        .orElseGet(() -> new None(events));
  }

  /** Nothing is written down. */
  final class None implements DecisionLog {
    private static final SafeLog LOG = SafeLog.of("dev.atll.schedule");

    private final EventSink events;
    private boolean said;

    private None(EventSink events) {
      this.events = events;
    }

    @Override
    public void begin(CompactionPolicy now, Picker picker) {
      if (!said && events.wantsDetail()) {
        said = true;
        LOG.log(
            Level.WARNING,
            () ->
                "decisions are not recorded: atll-core with the classifier \"tools\" is not on the"
                    + " class path",
            null);
      }
    }

    @Override
    public void refused(int position) {}

    @Override
    public void told(long slotId, double savedNanos, double costNanos) {}

    @Override
    public void looked(
        long decisionId,
        Version version,
        TreeSnapshot now,
        double decay,
        int candidates,
        int chosen) {}
  }
}
