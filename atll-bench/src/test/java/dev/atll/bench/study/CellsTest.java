package dev.atll.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CellsTest {
  @Test
  void resultsComeInTheOrderOfTheCellsWhicheverEndsFirst() throws IOException {
    CountDownLatch second = new CountDownLatch(1);
    List<Callable<String>> cells =
        List.of(
            () -> {
              second.await();
              return "first";
            },
            () -> {
              second.countDown();
              return "second";
            },
            () -> "third");
    List<String> taken = new ArrayList<>();
    new Cells(2).run(cells, 1, () -> false, (cell, result) -> taken.add(cell + result));
    assertEquals(List.of("0first", "1second", "2third"), taken);
  }

  @Test
  void aGroupIsTakenAsAWholeOrNotAtAll() throws IOException {
    List<Callable<Integer>> cells = List.of(() -> 0, () -> 1, () -> 2, () -> 3, () -> 4, () -> 5);
    List<Integer> taken = new ArrayList<>();
    new Cells(2).run(cells, 2, () -> taken.size() >= 3, (cell, result) -> taken.add(result));
    assertEquals(List.of(0, 1, 2, 3), taken);
  }

  @Test
  void whatACellThrowsIsThrown() {
    List<Callable<Integer>> cells =
        List.of(
            () -> 0,
            () -> {
              throw new IOException("no space");
            });
    IOException thrown =
        assertThrows(
            IOException.class,
            () -> new Cells(2).run(cells, 2, () -> false, (cell, result) -> {}));
    assertEquals("no space", thrown.getMessage());
  }
}
