package dev.atll.bench.sim;

import java.util.LinkedHashMap;

/** Which blocks the system's page cache holds: those asked for or written last. */
final class SimPages {
  private final long blocksMax;
  private final LinkedHashMap<Long, Boolean> blocks = new LinkedHashMap<>(16, 0.75f, true);

  SimPages(long blocksMax) {
    this.blocksMax = blocksMax;
  }

  /** Asks for a block, which is here afterwards; returns whether it was before. */
  boolean ask(long block) {
    boolean here = blocks.put(block, true) != null;
    if (blocks.size() > blocksMax) {
      blocks.pollFirstEntry();
    }
    return here;
  }

  /** A block's file was deleted. */
  void forget(long block) {
    blocks.remove(block);
  }
}
