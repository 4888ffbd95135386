package dev.atll.api;

/** A store as it was at one revision. Keeps old versions from being dropped until it is closed. */
public interface Snapshot extends Reader, AutoCloseable {
  /** The revision that this snapshot reads at. */
  long revision();

  /** Lets go of the revision; idempotent. Open cursors stay valid. */
  @Override
  void close();
}
