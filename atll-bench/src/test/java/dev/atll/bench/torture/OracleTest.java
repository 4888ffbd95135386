package dev.atll.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.WriteBatch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An oracle that cannot say no proves nothing: every kind of loss is planted, and has to be seen. */
class OracleTest {
  private static final int WRITES = 400;

  @TempDir private Path temp;
  private final LoadPlan plan = new LoadPlan(5, 100, 2, Durability.OS);
  private final Oracle oracle = new Oracle(plan);
  private final Findings findings = new Findings();
  private final Map<Integer, Long> writers = new HashMap<>();
  private AtllDb db;

  @BeforeEach
  void load() {
    db = Atll.open(temp, plan.options(0));
    oracle.begin(0);
    for (int i = 1; i <= WRITES; i++) {
      LoadPlan.Op op = plan.op(0, i % 2, i);
      oracle.acked(op, apply(op), findings);
      for (int c = 0; c < op.cells().length; c++) {
        writers.put(op.cells()[c], op.deletes()[c] ? 0 : op.id());
      }
    }
    db.flush();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private long apply(LoadPlan.Op op) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < op.cells().length; i++) {
      byte[] key = plan.key(op.cells()[i]);
      if (op.deletes()[i]) {
        batch.delete(key);
      } else {
        batch.put(key, plan.value(op.id(), op.cells()[i]));
      }
    }
    return db.write(batch);
  }

  private int cell(boolean filled) {
    return writers.entrySet().stream()
        .filter(e -> e.getKey() < plan.keys() && (e.getValue() != 0) == filled)
        .mapToInt(Map.Entry::getKey)
        .min()
        .orElseThrow();
  }

  private LoadPlan.Op next(boolean batch) {
    int sequence = WRITES + 1;
    while (plan.op(0, 1, sequence).batch() != batch || plan.op(0, 1, sequence).deletes()[0]) {
      sequence++;
    }
    return plan.op(0, 1, sequence);
  }

  @Test
  void whatIsAsItWasWrittenPasses() {
    oracle.check(db, findings);
    oracle.check(db, findings);
    assertTrue(findings.isEmpty(), () -> findings.described().toString());
  }

  @Test
  void aLostWriteIsSeen() {
    db.delete(plan.key(cell(true)));
    oracle.check(db, findings);
    assertEquals(1, findings.count(Findings.Kind.LOST), () -> findings.described().toString());
    // Later writes are there: the state is no prefix of the history.
    assertEquals(1, findings.count(Findings.Kind.HOLE));
  }

  @Test
  void aValueThatCameBackIsSeen() {
    int cell = cell(false);
    db.put(plan.key(cell), plan.value(LoadPlan.id(0, 0, 1), cell));
    oracle.check(db, findings);
    assertEquals(1, findings.count(Findings.Kind.WRONG), () -> findings.described().toString());
  }

  @Test
  void aValueOrAKeyThatNobodyWroteIsSeen() {
    db.put(plan.key(cell(true)), new byte[40]);
    db.put(new byte[] {1, 2, 3}, new byte[40]);
    oracle.check(db, findings);
    assertTrue(findings.count(Findings.Kind.WRONG) >= 2, () -> findings.described().toString());
  }

  @Test
  void aWriteInFlightMayHaveHappenedOrNot() {
    oracle.inFlight(next(false));
    oracle.inFlight(next(true));
    oracle.check(db, findings);
    assertTrue(findings.isEmpty(), () -> findings.described().toString());
    oracle.inFlight(next(false));
    oracle.inFlight(next(true));
    apply(next(true));
    apply(next(false));
    oracle.check(db, findings);
    assertTrue(findings.isEmpty(), () -> findings.described().toString());
  }

  @Test
  void aWriteThatNobodyAskedForIsSeen() {
    apply(next(false));
    oracle.check(db, findings);
    assertEquals(1, findings.count(Findings.Kind.WRONG), () -> findings.described().toString());
  }

  @Test
  void halfABatchIsSeen() {
    LoadPlan.Op op = next(true);
    oracle.inFlight(op);
    db.put(plan.key(op.cells()[0]), plan.value(op.id(), op.cells()[0]));
    oracle.check(db, findings);
    assertEquals(1, findings.count(Findings.Kind.HOLE), () -> findings.described().toString());
  }

  @Test
  void aMarkerWithoutItsBatchIsSeen() {
    LoadPlan.Op op = next(true);
    oracle.inFlight(op);
    int marker = op.cells()[op.cells().length - 1];
    db.put(plan.key(marker), plan.value(op.id(), marker));
    oracle.check(db, findings);
    assertTrue(findings.count(Findings.Kind.HOLE) >= 1, () -> findings.described().toString());
  }
}
