package dev.atll.manifest;

import dev.atll.api.AtllException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfSpaceException;
import java.io.IOException;
import java.util.Locale;

/** Turns failures of the file layer into those that users see. */
final class StorageErrors {
  private StorageErrors() {}

  static AtllException of(String doing, IOException e) {
    String message = String.format(Locale.ROOT, "%s failed: %s", doing, e);
    if (e instanceof DirectoryLostException) {
      return DirectoryLostException.explain(message, e);
    }
    return e instanceof OutOfSpaceException
        ? new StorageFullException(message, e)
        : new StorageIoException(message, e);
  }
}
