package dev.atll.bench.report;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Failures in words: what failed, where, and why. */
public final class Failures {
  private static final int CAUSES_MAX = 8;

  private Failures() {}

  /**
   * A failure in one line, with the file if there is one, and with the causes that say more.
   *
   * @param failure what was thrown
   */
  public static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable at = failure;
    for (int i = 0; at != null && i < CAUSES_MAX; i++) {
      String part = one(at);
      // A wrapper's text often repeats its cause's.
      if (!wraps(at) && text.indexOf(part) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(part);
      }
      at = at.getCause();
    }
    return text.isEmpty() ? one(failure) : text.toString().replaceAll("\\R+", " ");
  }

  /** The reason alone, without the file that the caller is about to name. */
  static String reason(Throwable failure) {
    String reason = fileReason(failure);
    return reason != null ? reason : message(failure);
  }

  private static boolean wraps(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null
        && (failure instanceof UncheckedIOException || failure instanceof ExecutionException)
        && (failure.getMessage() == null || cause.toString().equals(failure.getMessage()));
  }

  private static String one(Throwable failure) {
    String reason = fileReason(failure);
    if (reason == null) {
      return message(failure);
    }
    FileSystemException file = (FileSystemException) failure;
    String other = file.getOtherFile();
    return file.getFile() + (other == null ? "" : " to " + other) + ": " + reason;
  }

  /** Why a file could not be used; null for failures that are of another kind. */
  private static @Nullable String fileReason(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "exists already";
      case NotDirectoryException _ -> "is not a directory";
      case DirectoryNotEmptyException _ -> "is a directory that is not empty";
      case FileSystemLoopException _ -> "is a link that leads back to itself";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      case FileSystemException _ -> "cannot be used";
      default -> null;
    };
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    return switch (failure) {
      // Their texts make sense only with their names: "long overflow", "Index 3 out of bounds".
      case Error _, ArithmeticException _, IndexOutOfBoundsException _ ->
          failure.getClass().getSimpleName() + " (" + message + ")";
      case NullPointerException _, ClassCastException _ ->
          failure.getClass().getSimpleName() + " (" + message + ")";
      default -> message;
    };
  }
}
