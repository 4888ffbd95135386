package dev.atll.bench.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An experiment that compares contenders on loads, and judges by what an operation costs. */
final class GridStudy implements Study {
  /** Says what became of the hypotheses. */
  interface Judge {
    void judge(StudyContext context, List<Grid> grids, List<String> hypotheses);
  }

  private final String name;
  private final String title;
  private final List<String> hypotheses;
  private final Function<StudyContext, List<Grid.Load>> loads;
  private final List<Contender> contenders;
  private final int confirmed;
  private final Judge judge;

  /**
   * An experiment.
   *
   * @param confirmed how many of the best contenders of a load are run on the engine too
   */
  GridStudy(
      String name,
      String title,
      List<String> hypotheses,
      Function<StudyContext, List<Grid.Load>> loads,
      List<Contender> contenders,
      int confirmed,
      Judge judge) {
    this.name = name;
    this.title = title;
    this.hypotheses = List.copyOf(hypotheses);
    this.loads = loads;
    this.contenders = List.copyOf(contenders);
    this.confirmed = confirmed;
    this.judge = judge;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public List<String> hypotheses() {
    return hypotheses;
  }

  @Override
  public void run(StudyContext context) throws IOException {
    List<Grid> grids = new ArrayList<>();
    for (Grid.Load load : loads.apply(context)) {
      if (!context.stopped()) {
        grids.add(Grid.simulate(context, load, contenders));
      }
    }
    for (Grid grid : grids) {
      // A quick run confirms the first load that the engine can run.
      if (!context.stopped() && (!context.scale().quick() || grid.equals(grids.get(0)))) {
        grid.confirm(context, context.scale().quick() ? 1 : confirmed);
      }
    }
    judge.judge(context, grids, hypotheses);
    grids.forEach(grid -> grid.show(context.page()));
  }
}
