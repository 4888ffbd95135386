package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.record.RecordForger;
import dev.atll.sstable.HotList;
import dev.atll.sstable.HotListForger;
import dev.atll.sstable.TableForger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Files of hostile content under right checksums: tables, manifests, logs and lists of hot
 * blocks. No answer can be called wrong then; but opening and using the store must end, in answers or
 * typed errors, within a small heap.
 */
final class HostileStage implements Stage {
  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, campaign.figures);
      if ((seed & 7) == 0) {
        checkDisorder(seed, campaign.figures);
      }
    }
    return false;
  }

  private static void checkDisorder(long seed, Figures figures) {
    try {
      Disorder.check(seed);
      figures.hostile++;
    } catch (AssertionError e) {
      figures.wrong++;
      throw e;
    }
  }

  void check(long seed, Figures figures) {
    SplittableRandom random = new SplittableRandom(seed);
    int variant = random.nextInt(SmallStore.VARIANTS);
    // One in four has its tables read block by block; not drawn, so that seeds of before stay theirs.
    boolean blocks = (seed & 3) == 1;
    SmallStore store = Stores.ALL.get(blocks ? variant + SmallStore.VARIANTS : variant);
    String name = "";
    try {
      List<String> names = store.names().stream().filter(n -> number(n) > 0).toList();
      SimFileSystem files = store.copy();
      for (int i = random.nextInt(3); i >= 0; i--) {
        name = names.get(random.nextInt(names.size()));
        byte[] bytes = files.read(SmallStore.path(name));
        byte[] forged;
        try {
          forged =
              name.endsWith(".sst")
                  ? TableForger.forge(bytes, number(name), name, random)
                  : RecordForger.forge(bytes, number(name), random);
        } catch (AtllException e) {
          continue; // forged before, and now beyond what can be taken apart
        }
        files.plant(SmallStore.path(name), forged);
      }
      if (store.names().contains(HotList.FILE)) {
        plantList(files, names, new SplittableRandom(~seed));
      }
      figures.hostile++;
      World world;
      try {
        world = store.open(files);
      } catch (AtllException e) {
        return;
      }
      SmallStore.useAll(world);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      figures.wrong++;
      throw new AssertionError(
          ("a forged %s: %s%nreplay: mvn test -pl atll-core -am -Dtest=SweepTest -Dsweep=hostile"
                  + " -Dseed=%d")
              .formatted(name, e, seed),
          e);
    }
  }

  /** A list of hot blocks that leads here and there, or nowhere. */
  private static void plantList(SimFileSystem files, List<String> names, SplittableRandom random)
      throws IOException {
    List<Long> tables =
        names.stream().filter(n -> n.endsWith(".sst")).map(HostileStage::number).toList();
    Path path = SmallStore.path(HotList.FILE);
    byte[] list = HotListForger.list(files.read(path), tables, random);
    files.plant(path, random.nextBoolean() ? list : HotListForger.forge(list, random));
  }

  private static long number(String name) {
    String digits = name.replaceAll("\\D", "");
    return digits.isEmpty() ? -1 : Long.parseLong(digits);
  }

  /** Made once, on first use. */
  private static final class Stores {
    static final List<SmallStore> ALL =
        java.util.stream.IntStream.range(0, SmallStore.ALL_VARIANTS)
            .mapToObj(SmallStore::make)
            .toList();
  }
}
