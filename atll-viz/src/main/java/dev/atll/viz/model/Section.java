package dev.atll.viz.model;

/** One part of the picture that can be written whole, or only as far as it changed. */
interface Section {

  /** Whether something changed since the last {@link #writeDelta}. */
  boolean dirty();

  /** Writes the members of the whole section; leaves {@link #dirty} alone. */
  void writeFull(Json json);

  /**
   * Writes the members a viewer needs that saw every earlier delta. Clears {@link #dirty}, unless
   * more changed than there is room for in one delta: the rest follows in the next.
   *
   * @param nowMillis place on the line of time, for what is rationed
   */
  void writeDelta(Json json, long nowMillis);
}
