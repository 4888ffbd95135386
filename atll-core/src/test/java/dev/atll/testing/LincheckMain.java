package dev.atll.testing;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * A process in which Lincheck looks for a run of a structure that no order of its calls explains.
 * Arguments: the structure, the plain program that says what each call answers, how many calls each
 * thread makes, and how many interleavings of them are tried.
 */
final class LincheckMain {
  private static final int INTERLEAVED_SCENARIOS = 16;
  private static final int STRESSED_SCENARIOS = 6;
  private static final int STRESS_RUNS_EACH = 50;

  /** Read and write whole numbers in byte arrays, which Lincheck cannot; no switch inside them. */
  private static final String[] BYTES = {"dev.atll.base.Keys", "dev.atll.memtable.EntryArena"};

  private LincheckMain() {}

  public static void main(String[] args) throws ClassNotFoundException {
    Class<?> structure = Class.forName(args[0]);
    System.out.println(
        structure.getName()
            + ": "
            + verdict(
                structure,
                Class.forName(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3])));
    System.out.flush();
    System.exit(0);
  }

  private static String verdict(
      Class<?> structure, Class<?> program, int callsEach, int interleavings) {
    try {
      // Chosen interleavings, as if memory were in order; then real threads on the real memory.
      check(
          new ModelCheckingOptions()
              .iterations(INTERLEAVED_SCENARIOS)
              .invocationsPerIteration(interleavings)
              .addGuarantee(forClasses(BYTES).allMethods().ignore()),
          structure,
          program,
          callsEach);
      check(
          new StressOptions()
              .iterations(STRESSED_SCENARIOS)
              .invocationsPerIteration(STRESS_RUNS_EACH),
          structure,
          program,
          callsEach);
      return Lincheck.EXPLAINED;
    } catch (LincheckAssertionError e) {
      return e.getMessage();
    }
  }

  private static void check(
      Options<?, ?> options, Class<?> structure, Class<?> program, int callsEach) {
    options.threads(2).actorsPerThread(callsEach).actorsBefore(2).actorsAfter(1);
    options.minimizeFailedScenario(false).sequentialSpecification(program).check(structure);
  }
}
