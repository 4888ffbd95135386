package dev.atll.memtable;

import dev.atll.base.ValueKind;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A memtable against a sorted map, over small and mean keys that shrink well. */
final class MemtableProperties {
  record Put(byte[] key, int revision, byte[] value) {}

  /** Few bytes, lengths around 8 and 16, so that heads, padding and tails all decide. */
  private static Arbitrary<byte[]> keys() {
    return Arbitraries.bytes().between((byte) -1, (byte) 1).array(byte[].class).ofMaxSize(20);
  }

  @Provide
  Arbitrary<List<Put>> puts() {
    Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(4);
    return Combinators.combine(keys(), Arbitraries.integers().between(0, 5), values)
        .as(Put::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 400)
  void agreesWithASortedMap(@ForAll("puts") List<Put> puts, @ForAll long seed) {
    MemtableModel model = new MemtableModel();
    Memtable table = new Memtable(1, seed);
    for (Put put : puts) {
      int kind = put.value.length == 0 ? ValueKind.DELETE : ValueKind.PUT;
      model.put(table, put.revision, kind, put.key, put.value);
    }
    model.checkCounts(table);
    model.checkScans(table);
    for (long revision = 0; revision <= 6; revision += 3) {
      model.checkView(table, revision, new SplittableRandom(seed));
    }
    for (Put put : puts) {
      for (long revision = 0; revision <= 6; revision++) {
        model.checkGet(table, put.key, revision);
        model.checkSeeks(table, put.key, revision);
      }
    }
  }
}
