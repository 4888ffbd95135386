package dev.atll.bench.study;

import dev.atll.bench.experiment.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All experiments by name. */
public final class Studies {
  private static final List<Study> ALL = all();

  private Studies() {}

  private static List<Study> all() {
    List<Study> list = new ArrayList<>(GridStudies.all());
    list.add(new ShiftingStudy());
    list.add(new TwitterStudy());
    list.add(new TraceStudy());
    list.add(new ValidateStudy());
    list.add(new ConfirmStudy());
    list.add(new LawStudy());
    list.add(new TailStudy());
    return List.copyOf(list);
  }

  /** Name and question of each, apart by a tab. */
  public static List<String> listing() {
    return ALL.stream().map(study -> study.name() + "\t" + study.title()).toList();
  }

  /**
   * What an experiment is run with.
   *
   * @param out directory for page, figures and raw lines
   * @param quick whether it must end within three minutes on two cores
   * @param engineMegabytes user data written by a run of the engine, in millions of bytes; null for
   *     what the experiment takes by itself
   * @param simSeeds seeds of each simulated cell
   * @param engineSeeds seeds of each real cell, 0 leaves the engine out; null as above
   * @param virtual whether the engine runs on a simulated clock and disk: repeatable anywhere
   * @param goesOn whether cells that an earlier run finished are taken from its raw lines, by
   *     experiments that can
   * @param guests policies that run beside those of the experiment
   */
  public record Order(
      Path out,
      boolean quick,
      @Nullable Double engineMegabytes,
      int simSeeds,
      @Nullable Integer engineSeeds,
      boolean virtual,
      boolean goesOn,
      List<String> guests) {
    /** Copies the list. */
    public Order {
      guests = List.copyOf(guests);
    }
  }

  /**
   * Runs an experiment.
   *
   * @param name one of {@link #listing()}
   * @param progress takes a line a run
   * @throws IllegalArgumentException if there is none of the name
   */
  public static void run(String name, Order order, PrintWriter progress) throws IOException {
    Study study =
        ALL.stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        String.format(
                            Locale.ROOT,
                            "no experiment '%s'; there are %s",
                            name, ALL.stream().map(Study::name).toList())));
    boolean quick = order.quick();
    Double asked = order.engineMegabytes();
    Integer seeds = order.engineSeeds();
    double megabytes = asked != null ? asked : study.engineMegabytes(quick);
    boolean virtual = order.virtual() && !study.onlyReal();
    Scale scale =
        Scale.of(
            quick, megabytes, order.simSeeds(), seeds != null ? seeds : study.engineSeeds(), virtual);
    try (StopSignal stop = StopSignal.onInterrupt();
        StudyContext context =
            new StudyContext(order.out(), scale, study.title(), order.goesOn(), order.guests(), progress,
                stop)) {
      study.run(context);
      context.finish(
          study,
          String.format(
              Locale.ROOT,
              "./atll experiment %s --out DIR%s --engine-mb %.0f --sim-seeds %d --engine-seeds %d%s%s",
              name,
              quick ? " --quick" : "",
              megabytes,
              scale.simSeeds(),
              scale.engineSeeds(),
              virtual ? "" : " --real",
              order.guests().isEmpty() ? "" : " --policy " + String.join(",", order.guests())));
    }
  }
}
