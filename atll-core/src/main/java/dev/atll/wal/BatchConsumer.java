package dev.atll.wal;

import java.io.IOException;

/** Takes the batches that recovery finds, in ascending order of revisions. */
@FunctionalInterface
public interface BatchConsumer {
  /**
   * Takes one batch.
   *
   * @param revision of the batch
   * @param bytes holds the encoded, verified changes; not to be kept: valid during this call only
   * @throws IOException if it could not be applied; recovery ends with it
   */
  void accept(long revision, byte[] bytes, int offset, int length) throws IOException;
}
