package dev.atll.observe.event;

/** How near the engine is to making writers wait. */
public enum PressureZone {
  /** Nothing is held back. */
  GREEN,
  /** Background work is behind; writers are not slowed. */
  YELLOW,
  /** Writers are slowed in proportion. */
  ORANGE,
  /** Writers wait. */
  RED
}
