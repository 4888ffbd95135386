package dev.atll.bench.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes a result that its user asked for: the only way to do so.
 *
 * <p>A place that cannot be written is noticed by {@link #prepare}, which a command calls before
 * its work begins, so that no run is lost for it. A regular file, or one that is not there yet, is
 * replaced whole or not at all, by a draft beside it. Everything else is written where it is, and
 * stays what it is: pipes, devices, standard output ({@code -} or {@code /dev/stdout}) and files
 * with several names. Links stay links; what they lead to is written. Not thread-safe.
 */
public final class ResultFile implements AutoCloseable {
  private static final int LINKS_MAX = 40;
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final Pattern DESCRIPTOR = Pattern.compile("/(?:dev|proc/[^/]+)/fd/([0-9]{1,9})");

  private enum Manner {
    /** Through a draft beside it. */
    REPLACED,
    /** By opening it: a file with several names. */
    IN_PLACE,
    /** By a stream that is open from the beginning: a pipe whose reader waits, a device. */
    HELD,
    /** By opening it for appending: a descriptor that somebody else writes to as well. */
    APPENDED,
    /** By the process's own descriptor 1. */
    OUTPUT,
    /** By the process's own descriptor 2. */
    ERROR
  }

  private final String name;
  private final Path target;
  private final Manner manner;
  private @Nullable Path draft;
  private @Nullable OutputStream held;

  private ResultFile(String name, Path target, Manner manner) {
    this.name = name;
    this.target = target;
    this.manner = manner;
  }

  /**
   * Looks whether a place can be written, as far as that can be known beforehand; makes its
   * directory and, where the result is to replace a file, the draft.
   *
   * @param place the user's choice; {@code -} for standard output
   * @throws IOException if it cannot be written; the message names it and the reason
   */
  public static ResultFile prepare(Path place) throws IOException {
    String name = place.toString();
    if (name.equals("-")) {
      return new ResultFile("standard output", place, Manner.OUTPUT);
    }
    Path target = place.toAbsolutePath();
    for (int links = 0; ; links++) {
      if (links == LINKS_MAX) {
        throw new FileSystemLoopException(name);
      }
      int descriptor = descriptor(target);
      if (descriptor >= 0) {
        Manner manner =
            descriptor == STANDARD_OUTPUT
                ? Manner.OUTPUT
                : descriptor == STANDARD_ERROR ? Manner.ERROR : Manner.APPENDED;
        return new ResultFile(name, target, manner);
      }
      if (!Files.isSymbolicLink(target)) {
        break;
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return prepareFile(name, target);
  }

  private static ResultFile prepareFile(String name, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new FileSystemException(name, null, "is a directory");
    }
    if (Files.exists(target)) {
      if (!Files.isWritable(target)) {
        throw new AccessDeniedException(name);
      }
      if (!Files.isRegularFile(target)) {
        // A pipe is opened now, as a shell does: who reads it is there before the work begins, and if
        // it goes away meanwhile the result fails, where opening a pipe without a reader would hang.
        ResultFile result = new ResultFile(name, target, Manner.HELD);
        result.held = Files.newOutputStream(target, StandardOpenOption.WRITE);
        return result;
      }
      if (hasOtherNames(target)) {
        return new ResultFile(name, target, Manner.IN_PLACE);
      }
    }
    Path directory = target.getParent();
    if (directory == null) {
      throw new FileSystemException(name, null, "has no directory");
    }
    try {
      Files.createDirectories(directory);
      ResultFile result = new ResultFile(name, target, Manner.REPLACED);
      // A name of its own, so that neither a user's file nor another run's draft is overwritten.
      Path beside = Files.createFile(free(target));
      beside.toFile().deleteOnExit();
      result.draft = beside;
      return result;
    } catch (IOException e) {
      if (Files.isRegularFile(target)) {
        // The file may be written though nothing may be made beside it.
        return new ResultFile(name, target, Manner.IN_PLACE);
      }
      throw new FileSystemException(
          name, null, "cannot be made there: " + Failures.reason(e));
    }
  }

  private static Path free(Path target) {
    String prefix = "." + target.getFileName() + "." + ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      Path path = target.resolveSibling(prefix + (i == 0 ? "" : "-" + i) + ".tmp");
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return path;
      }
    }
  }

  /** Which of the process's descriptors a path stands for; -1 for none. */
  private static int descriptor(Path path) {
    String text = path.normalize().toString();
    Matcher matcher = DESCRIPTOR.matcher(text);
    if (text.equals("/dev/stdout")) {
      return STANDARD_OUTPUT;
    } else if (text.equals("/dev/stderr")) {
      return STANDARD_ERROR;
    }
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private static boolean hasOtherNames(Path file) {
    try {
      return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links > 1;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the result goes where a command's table goes, which then should give way. */
  public boolean isStandardOutput() {
    return manner == Manner.OUTPUT;
  }

  /**
   * Writes the result, in UTF-8.
   *
   * @throws IOException if that fails; the message names the place and the reason
   */
  public void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      switch (manner) {
        case REPLACED -> replace(bytes);
        case HELD -> writeHeld(bytes);
        case IN_PLACE -> write(Files.newOutputStream(target), bytes);
        case APPENDED ->
            write(
                Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                bytes);
        case OUTPUT -> standard(FileDescriptor.out, bytes);
        case ERROR -> standard(FileDescriptor.err, bytes);
      }
    } catch (IOException e) {
      throw new FileSystemException(name, null, "not written: " + Failures.reason(e));
    }
  }

  private void replace(byte[] bytes) throws IOException {
    Path beside = draft;
    if (beside == null) {
      throw new IOException("written before");
    }
    Files.write(beside, bytes);
    keepPermissions(target, beside);
    Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    draft = null;
  }

  private void writeHeld(byte[] bytes) throws IOException {
    OutputStream stream = held;
    if (stream == null) {
      throw new IOException("written before");
    }
    held = null;
    write(stream, bytes);
  }

  private static void keepPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view != null && Files.exists(from)) {
      view.setPermissions(Files.getPosixFilePermissions(from));
    }
  }

  private static void write(OutputStream stream, byte[] bytes) throws IOException {
    try (stream) {
      stream.write(bytes);
    }
  }

  /** Closing the stream would close what the rest of the process writes to. */
  @SuppressWarnings("resource")
  private static void standard(FileDescriptor descriptor, byte[] bytes) throws IOException {
    FileOutputStream stream = new FileOutputStream(descriptor);
    stream.write(bytes);
    stream.flush();
  }

  /** Gives up what was not written; the file that was there before stays as it was. */
  @Override
  public void close() throws IOException {
    Path beside = draft;
    if (beside != null) {
      draft = null;
      Files.deleteIfExists(beside);
    }
    OutputStream stream = held;
    if (stream != null) {
      held = null;
      stream.close();
    }
  }
}
