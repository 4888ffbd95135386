package dev.atll.torture;

/**
 * One kind of attack, to be run as long as one likes. Uses nothing but the engine and the JDK, so
 * that the {@code torture} command can run it in a process without the test libraries.
 */
interface Stage {
  /**
   * Attacks until the time is over, or all is done.
   *
   * @return whether all there is was done; a stage that draws for ever returns false
   * @throws AssertionError at the first finding, with the command that replays it
   */
  boolean run(Campaign campaign);
}
