package dev.atll.env;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One directory of files with flat names.
 *
 * <p>Names are those {@link FileNames#check} accepts: plain ASCII, no separators, no leading dot,
 * never {@value FileNames#LOCK}. No call follows a symbolic link found under a name. Changes to
 * names (create, rename, delete, link) are durable only after {@link #syncDirectory()}; {@link
 * FileOut#sync()} makes content durable but not the name.
 *
 * <p>Calls on different names may come from many threads at once; a simulated storage belongs to
 * one thread. After {@link #close()} every call throws {@link IOException}, but files opened before
 * stay usable.
 */
public interface Storage extends AutoCloseable {
  /**
   * Creates an empty file, readable and writable by its owner only (0600).
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken, by a link also
   * @throws OutOfSpaceException if the device or a quota is full
   */
  FileOut create(String name) throws IOException;

  /**
   * Opens a file for reading. Its length is fixed at this moment: later appends are not seen.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it is not a regular file
   */
  FileIn open(String name) throws IOException;

  /**
   * Says that files are about to be opened and their ends read: a device that takes its time may begin
   * to bring them, several beside each other. Returns at once, never fails, and may do nothing.
   *
   * @param bytes of each end, at least 1
   */
  default void willReadEnds(List<String> names, int bytes) {}

  /**
   * Whether others wait for this device just now, so that who has much to write or to read had better do
   * it in small pieces: they wait until a piece is done.
   */
  default boolean readersWait() {
    return false;
  }

  /** Whether a regular file of this name exists. */
  boolean exists(String name) throws IOException;

  /**
   * The length of a file in bytes.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  long length(String name) throws IOException;

  /**
   * What tells a file from another one that is later given its name.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  FileIdentity identity(String name) throws IOException;

  /**
   * Renames a file, atomically replacing {@code to} if it exists.
   *
   * @throws java.nio.file.NoSuchFileException if {@code from} does not exist
   */
  void rename(String from, String to) throws IOException;

  /**
   * Removes a name. Whoever has the file open or mapped may go on using it.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  void delete(String name) throws IOException;

  /**
   * Makes every change of names so far durable. After a failure nothing is known about what is on
   * disk, and calling it again proves nothing: see {@link FileOut#sync()}.
   */
  void syncDirectory() throws IOException;

  /** The names of the regular files here, sorted; the lock file and foreign names are left out. */
  List<String> list() throws IOException;

  /**
   * Takes the lock of this directory, against other processes and against this one.
   *
   * @return the lock, held until it is closed; closing it again does nothing
   * @throws DirectoryLockedException if somebody holds it, in this process or another
   * @throws IOException if the lock file cannot be opened
   */
  AutoCloseable lock() throws IOException;

  /**
   * Takes a lock that keeps writers out and lets other readers in, and changes nothing: no lock file
   * is made where there is none.
   *
   * @return the lock, held until it is closed
   * @throws DirectoryLockedException if a writer holds the directory
   */
  default AutoCloseable lockForReading() throws IOException {
    return lock();
  }

  /**
   * Gives a file a second name elsewhere: a hard link, or a synced copy where links are impossible.
   * The new name is durable after the directory of {@code target} is synced; the content of a hard
   * link is as durable as the file is.
   *
   * @param target the new path, in an existing directory; its last part follows the rule of names
   * @throws java.nio.file.FileAlreadyExistsException if {@code target} exists
   */
  void link(String name, Path target) throws IOException;

  /** Bytes this process may still write to the device, as far as the file system tells. */
  long freeBytes() throws IOException;

  /** The real path of the directory. */
  Path path();

  /** Releases the directory, but neither its lock nor its files. Calling it again does nothing. */
  @Override
  void close();
}
