package dev.atll.torture;

/** What happens to a store in use, or to the process that uses it. */
enum ProcessMischief {
  /** Nothing: the process itself is odd enough. */
  NONE,
  /** The process reads its lock file, and so drops the lock as far as the system is concerned. */
  READ_LOCK,
  /** Somebody tidies up. */
  DELETE_LOCK,
  /** A second class loader of the process opens the directory. */
  SECOND_LOADER,
  /** {@code cp -r} of the directory while the store is open. */
  FORK,
  /** The directory gets another name. */
  RENAME,
  /** All its files are deleted. */
  REMOVE,
  /** The directory is mounted for reading only. */
  READ_ONLY,
  /** A root in which nothing is mounted: no {@code /proc}, no table of mounts. */
  BARE_ROOT;

  /** Whether it takes mounts, and so root. */
  boolean mounts() {
    return this == READ_ONLY || this == BARE_ROOT;
  }
}
