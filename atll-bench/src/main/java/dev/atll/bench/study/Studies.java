package dev.atll.bench.study;

import dev.atll.bench.experiment.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    return List.copyOf(list);
  }

  /** Name and question of each, apart by a tab. */
  public static List<String> listing() {
    return ALL.stream().map(study -> study.name() + "\t" + study.title()).toList();
  }

  /**
   * Runs an experiment.
   *
   * @param name one of {@link #listing()}
   * @param out directory for page, figures and raw lines
   * @param quick whether it must end within three minutes on two cores
   * @param engineMegabytes user data written by a run of the engine, in millions of bytes
   * @param simSeeds seeds of each simulated cell
   * @param engineSeeds seeds of each real cell; 0 leaves the engine out
   * @param virtual whether the engine runs on a simulated clock and disk: repeatable anywhere
   * @param progress takes a line a run
   * @throws IllegalArgumentException if there is none of the name
   */
  public static void run(
      String name,
      Path out,
      boolean quick,
      double engineMegabytes,
      int simSeeds,
      int engineSeeds,
      boolean virtual,
      PrintWriter progress)
      throws IOException {
    Study study =
        ALL.stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no experiment '%s'; there are %s"
                            .formatted(name, ALL.stream().map(Study::name).toList())));
    Scale scale = Scale.of(quick, engineMegabytes, simSeeds, engineSeeds, virtual);
    try (StopSignal stop = StopSignal.onInterrupt();
        StudyContext context =
            new StudyContext(out, scale, study.title(), progress, stop)) {
      study.run(context);
      context.finish(
          study,
          "./atll experiment %s --out DIR%s --engine-mb %.0f --sim-seeds %d --engine-seeds %d%s"
              .formatted(
                  name, quick ? " --quick" : "", engineMegabytes, scale.simSeeds(),
                  scale.engineSeeds(), virtual ? "" : " --real"));
    }
  }
}
