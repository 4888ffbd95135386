package dev.atll.env.sim;

/** A simulated file or directory whose unsynced changes can be made to vanish from the device. */
public interface Droppable {
  /**
   * What a failed sync does to a page cache: the changes since the last sync stay visible, count as
   * clean, and never reach the device. A later sync succeeds without them.
   */
  void dropUnsynced();
}
