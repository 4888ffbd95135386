package dev.atll.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableFilesTest {
  private static TableFile table(long number) {
    return new TableFile(number, 10 * number, number, 0, 8 * number);
  }

  /** Whatever comes and goes, they are what an ordered map would hold, in its order. */
  @Test
  void isAnOrderedMap() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      TableFiles files = TableFiles.NONE;
      Map<Long, TableFile> model = new TreeMap<>();
      for (int step = 0; step < 40; step++) {
        List<TableFile> more = new ArrayList<>();
        Set<Long> fewer = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          more.add(table(1 + random.nextInt(30)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
          fewer.add(1L + random.nextInt(30));
        }
        TableFiles before = files;
        files = files.with(more, fewer);
        Map<Long, TableFile> old = new TreeMap<>(model);
        more.forEach(table -> model.put(table.number(), table));
        model.keySet().removeAll(fewer);
        assertEquals(
            new ArrayList<>(model.entrySet()), new ArrayList<>(files.entrySet()), "seed " + seed);
        List<Long> gone = new ArrayList<>();
        before.forEachMissingFrom(files, gone::add);
        old.keySet().removeAll(model.keySet());
        assertEquals(new ArrayList<>(old.keySet()), gone, "seed " + seed);
        for (long number = 0; number < 32; number++) {
          assertEquals(model.get(number), files.get(number), "seed " + seed);
          assertEquals(model.containsKey(number), files.contains(number), "seed " + seed);
        }
      }
    }
  }

  @Test
  void isTheSameObjectWhereNothingChanges() {
    TableFiles files = TableFiles.of(List.of(table(2), table(1)));
    assertSame(files, files.with(List.of(table(2)), Set.of()));
  }

  @Test
  void aTableOfTheSameNumberThatIsAnotherIsRefused() {
    TableFiles files = TableFiles.of(List.of(table(1)));
    TableFile other = new TableFile(1, 99, 1, 0, 8);
    assertThrows(IllegalArgumentException.class, () -> files.with(List.of(other), Set.of()));
    TableFile twice = new TableFile(2, 99, 1, 0, 8);
    assertThrows(
        IllegalArgumentException.class, () -> files.with(List.of(table(2), twice), Set.of()));
  }
}
