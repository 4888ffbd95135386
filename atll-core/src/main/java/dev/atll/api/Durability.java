package dev.atll.api;

/** When a write call may return. Writes of all three kinds are ordered in one log. */
public enum Durability {
  /** After the operating system has taken the bytes: survives a killed process, not a power cut. */
  OS,
  /** As {@link #OS}, and the log is synced at most the store's sync interval later. */
  INTERVAL,
  /** After the bytes are on disk; concurrent callers share one sync. */
  SYNC
}
