package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock against another process, which only another process can tell. */
class DirectoryLockTest {
  @TempDir private Path temp;

  /** Tries to lock a directory, says how that went, and holds the lock until it is killed. */
  static final class Contender {
    private Contender() {}

    public static void main(String[] args) throws Exception {
      Storage storage = Env.system().files().open(Path.of(args[0]), false);
      try {
        storage.lock();
        System.out.println("locked");
        Thread.sleep(60_000);
      } catch (DirectoryLockedException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  private String contend() throws IOException, InterruptedException {
    try (ChildProcess child = ChildProcess.start("", Contender.class, temp.toString())) {
      return String.valueOf(child.say());
    }
  }

  @Test
  void anotherProcessIsRefusedWhileTheLockIsHeldHere() throws Exception {
    try (Storage storage = Env.system().files().open(temp, false)) {
      try (AutoCloseable lock = storage.lock()) {
        assertTrue(lock != null);
        assertTrue(contend().startsWith("refused: directory is locked by another process"));
        // The leak: opening and closing the lock file again in this process drops the lock. A second
        // attempt, by any path and even when interrupted, must be refused without touching it.
        Path alias = Files.createSymbolicLink(temp.resolveSibling(temp.getFileName() + "-a"), temp);
        try (Storage second = Env.system().files().open(alias, false)) {
          assertThrows(DirectoryLockedException.class, second::lock);
          Thread.currentThread().interrupt();
          assertThrows(DirectoryLockedException.class, second::lock);
          assertTrue(Thread.interrupted());
        } finally {
          Files.delete(alias);
        }
        assertTrue(contend().startsWith("refused"), "the lock was lost");
      }
      assertEquals("locked", contend());
    }
  }

  @Test
  void theLockOfAnotherProcessIsRespectedAndEndsWithIt() throws Exception {
    try (Storage storage = Env.system().files().open(temp, false)) {
      try (ChildProcess child = ChildProcess.start("", Contender.class, temp.toString())) {
        assertEquals("locked", child.say());
        DirectoryLockedException refused =
            assertThrows(DirectoryLockedException.class, storage::lock);
        assertTrue(refused.getMessage().contains("another process"));
        // Being refused must not leave the directory locked in this process's own register.
        assertThrows(DirectoryLockedException.class, storage::lock);
      }
      storage.lock().close();
    }
  }

  @Test
  void anInterruptDoesNotDropTheLock() throws Exception {
    try (Storage storage = Env.system().files().open(temp, false)) {
      Thread.currentThread().interrupt();
      try (AutoCloseable lock = storage.lock()) {
        assertTrue(Thread.interrupted());
        assertTrue(lock != null);
        assertTrue(contend().startsWith("refused"));
      }
    }
  }

  @Test
  void aLockFileThatIsALinkIsNotFollowed() throws Exception {
    Path target = Files.createFile(temp.resolve("target"));
    Files.createSymbolicLink(temp.resolve("LOCK"), target);
    try (Storage storage = Env.system().files().open(temp, false)) {
      assertThrows(IOException.class, storage::lock);
    }
  }
}
