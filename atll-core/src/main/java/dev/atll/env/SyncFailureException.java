package dev.atll.env;

import java.io.IOException;

/**
 * A sync failed: what it should have forced may be gone, and another sync may report success without
 * having forced anything. Whoever gets this must end all writing.
 */
public final class SyncFailureException extends IOException {
  private static final long serialVersionUID = 1L;

  private SyncFailureException(String what, IOException cause) {
    super("forcing " + what + " failed: " + cause.getMessage(), cause);
  }

  /** Forces a file; a full disk is no lesser failure here. */
  public static void sync(FileOut file) throws SyncFailureException {
    try {
      file.sync();
    } catch (IOException e) {
      throw new SyncFailureException(file.toString(), e);
    }
  }

  /** Forces the names in a directory. */
  public static void syncDirectory(Storage storage) throws SyncFailureException {
    try {
      storage.syncDirectory();
    } catch (IOException e) {
      throw new SyncFailureException("names", e);
    }
  }
}
