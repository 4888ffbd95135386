package dev.atll.bench.replay;

import dev.atll.policy.Candidate;
import dev.atll.replay.Look;
import dev.atll.replay.Redecider.Choice;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts where two deciders agree on the same looks. Not thread-safe. */
public final class Agreements {
  /** Decisions of one kind. */
  public static final class Kind {
    long made;
    long same;
    long other;
    long nothing;
    double burdenNanos;
    double costNanos;
    double otherBurdenNanos;
    double otherCostNanos;

    /** Decisions of this kind that were recorded. */
    public long made() {
      return made;
    }

    /** Those on which the other decider does the same. */
    public long same() {
      return same;
    }
  }

  /** A look on which the deciders differ. */
  public record Difference(Look look, Choice recorded, Choice other) {}

  private final Map<String, Kind> kinds = new TreeMap<>();
  private String policy = "";
  private String scheduler = "";
  private String otherPolicy = "";
  private String otherScheduler = "";
  private long seed;
  private long openings;
  private long looks;
  private long useless;
  private long decisions;
  private long looksRepeated;
  private long decisionsShown;
  private long decisionsRepeated;
  private long idle;
  private long idleBoth;
  private boolean memoryMissing;
  private @Nullable Difference firstNotRepeated;
  private @Nullable Difference firstDifference;

  Agreements() {}

  void begin(String recordedPolicy, String recordedScheduler, long recordedSeed, boolean late) {
    if (openings > 0 && !policy.equals(recordedPolicy)) {
      policy += ", " + recordedPolicy;
    } else {
      policy = recordedPolicy;
    }
    scheduler = recordedScheduler;
    seed = recordedSeed;
    openings++;
    memoryMissing |= late;
  }

  void against(String other, String otherPicker) {
    otherPolicy = other;
    otherScheduler = otherPicker;
  }

  void useless() {
    useless++;
  }

  void look(Look look, Choice recorded, Choice other, boolean repeated) {
    looks++;
    if (repeated) {
      looksRepeated++;
    } else if (firstNotRepeated == null) {
      firstNotRepeated = new Difference(look, recorded, other);
    }
    Candidate taken = taken(recorded);
    Candidate instead = taken(other);
    if (look.event().decisionId() == 0) {
      idle++;
      idleBoth += instead == null ? 1 : 0;
      return;
    }
    decisions++;
    if (taken == null) {
      return;
    }
    Kind kind = kinds.computeIfAbsent(name(taken), name -> new Kind());
    kind.made++;
    kind.burdenNanos += taken.burdenNanos();
    kind.costNanos += taken.costNanos();
    if (instead == null) {
      kind.nothing++;
    } else {
      kind.otherBurdenNanos += instead.burdenNanos();
      kind.otherCostNanos += instead.costNanos();
      if (instead.action().equals(taken.action())) {
        kind.same++;
        return;
      }
      kind.other++;
    }
    if (firstDifference == null) {
      firstDifference = new Difference(look, recorded, other);
    }
  }

  void made(boolean repeated) {
    decisionsShown++;
    decisionsRepeated += repeated ? 1 : 0;
  }

  static @Nullable Candidate taken(Choice choice) {
    return choice.chosen() < 0 ? null : choice.candidates().get(choice.chosen());
  }

  /** What is done, in a word, and why. */
  static String name(Candidate candidate) {
    return candidate.action().label() + ", " + candidate.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Counts by what was done and why. */
  public Map<String, Kind> kinds() {
    return new TreeMap<>(kinds);
  }

  /** Policy that was recorded; several, if it was changed. */
  public String policy() {
    return policy;
  }

  /** Scheduler that was recorded. */
  public String scheduler() {
    return scheduler;
  }

  /** Seed that was recorded. */
  public long seed() {
    return seed;
  }

  /** Policy that decided instead. */
  public String otherPolicy() {
    return otherPolicy;
  }

  /** Scheduler that decided instead. */
  public String otherScheduler() {
    return otherScheduler;
  }

  /** Looks that were decided again. */
  public long looks() {
    return looks;
  }

  /** Looks that could not be rebuilt. */
  public long uselessLooks() {
    return useless;
  }

  /** Looks that came to a decision. */
  public long decisions() {
    return decisions;
  }

  /** Looks that came to the same number of candidates and the same one of them. */
  public long looksRepeated() {
    return looksRepeated;
  }

  /** Decisions whose candidates were recorded too. */
  public long decisionsShown() {
    return decisionsShown;
  }

  /** Those of which every number of every recorded candidate came out the same. */
  public long decisionsRepeated() {
    return decisionsRepeated;
  }

  /** Whether all that was recorded came out the same. */
  public boolean allRepeated() {
    return looksRepeated == looks && decisionsRepeated == decisionsShown;
  }

  /** Looks that came to nothing. */
  public long idle() {
    return idle;
  }

  /** Those on which the other decider does nothing either. */
  public long idleBoth() {
    return idleBoth;
  }

  /** Whether policy and scheduler may remember looks that are not in the recording. */
  public boolean memoryMissing() {
    return memoryMissing;
  }

  /** The first look that did not come out as recorded, or null. */
  public @Nullable Difference firstNotRepeated() {
    return firstNotRepeated;
  }

  /** The first decision on which the other decider differs, or null. */
  public @Nullable Difference firstDifference() {
    return firstDifference;
  }
}
