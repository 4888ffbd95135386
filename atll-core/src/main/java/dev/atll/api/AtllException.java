package dev.atll.api;

import org.jspecify.annotations.Nullable;

/**
 * Base of every failure the store reports. Unchecked, because calls sit in lambdas; sealed, so that
 * a caller can treat each kind. The message says what happened, where, and what can be done.
 */
public sealed class AtllException extends RuntimeException
    permits CorruptionException,
        DirectoryInUseException,
        InvalidInputException,
        NotAStoreException,
        RevisionUnavailableException,
        StoreClosedException,
        StoreFailedException,
        StorageFullException,
        StorageIoException,
        UnsupportedFormatException,
        WriteRefusedException {
  private static final long serialVersionUID = 1L;

  AtllException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
