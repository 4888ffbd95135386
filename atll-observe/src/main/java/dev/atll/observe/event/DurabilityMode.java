package dev.atll.observe.event;

/** When an acknowledged write is on disk. */
public enum DurabilityMode {
  /** Before the acknowledgement. */
  SYNC,
  /** Within a set time after it. */
  INTERVAL,
  /** When the operating system writes it. */
  OS
}
