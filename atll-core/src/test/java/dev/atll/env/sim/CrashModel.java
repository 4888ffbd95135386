package dev.atll.env.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A random history on a simulated directory, and a second, naive account of what each crash may
 * leave, which shares no code with the simulation.
 */
final class CrashModel {
  private static final Path DIRECTORY = Path.of("/db");

  /** One file, whatever its names: content is a function of the id and the offset, and never 0. */
  private static final class Inode {
    final int id;
    int length;
    int synced;
    FileOut out;

    Inode(int id, FileOut out) {
      this.id = id;
      this.out = out;
    }

    byte byteAt(int offset) {
      int mixed = (id * 31 + offset) * 0x9E3779B9;
      return (byte) ((mixed >>> 24) % 255 + 1);
    }
  }

  private final SplittableRandom random;
  private final SimFileSystem fs;
  private final Storage storage;
  private final List<Inode> inodes = new ArrayList<>();
  // The states of the names since the last sync of the directory: first that synced, last that
  // visible.
  private final List<Map<String, Inode>> states = new ArrayList<>();

  CrashModel(long seed) throws IOException {
    random = new SplittableRandom(seed);
    fs = new SimEnv(seed).files();
    storage = fs.open(DIRECTORY, true);
    states.add(new TreeMap<>());
  }

  private Map<String, Inode> visible() {
    return states.getLast();
  }

  private Map<String, Inode> change() {
    states.add(new TreeMap<>(visible()));
    return visible();
  }

  /** Does something. */
  void step() throws IOException {
    String name = "f" + random.nextInt(6);
    Inode inode = visible().get(name);
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        if (inode == null) {
          Inode made = new Inode(inodes.size() + 1, storage.create(name));
          inodes.add(made);
          change().put(name, made);
        }
      }
      case 2 -> {
        if (inode != null) {
          storage.delete(name);
          change().remove(name);
        }
      }
      case 3 -> {
        String other = "f" + random.nextInt(6);
        if (inode != null && !other.equals(name)) {
          storage.rename(name, other);
          Map<String, Inode> names = change();
          names.remove(name);
          names.put(other, inode);
        }
      }
      case 4 -> {
        if (random.nextInt(3) == 0) {
          storage.syncDirectory();
          states.subList(0, states.size() - 1).clear();
        }
      }
      default -> {
        if (!inodes.isEmpty()) {
          // Files whose name is gone too: an open file can still be written.
          Inode file = inodes.get(random.nextInt(inodes.size()));
          if (random.nextInt(4) == 0) {
            file.out.sync();
            file.synced = file.length;
          } else {
            append(file, random.nextInt(200));
          }
        }
      }
    }
  }

  private static void append(Inode file, int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = file.byteAt(file.length + i);
    }
    file.out.append(bytes, 0, count);
    file.length += count;
  }

  /** Crashes, checks the image, and says what kind of image it was. */
  String crashAndCheck(CrashMode mode) throws IOException {
    SimFileSystem image = fs.crash(random, mode);
    Map<String, Inode> found = new TreeMap<>();
    Set<String> kinds = new HashSet<>();
    Storage directory = image.open(DIRECTORY, false);
    for (String name : directory.list()) {
      byte[] content = image.read(DIRECTORY.resolve(name));
      Inode inode = identify(name, content, mode.bytes(), kinds);
      found.put(name, inode);
    }
    checkNames(found, mode.names());
    assertEquals(List.of(), image.openHandles());
    // All in an image is durable: crashing it again changes nothing.
    SimFileSystem again = image.crash(random, CrashMode.any(random));
    assertEquals(directory.list(), again.open(DIRECTORY, false).list());
    return String.join(",", kinds.stream().sorted().toList());
  }

  /** The file that bears this name in the image: one that bore it since the last sync. */
  private Inode identify(String name, byte[] content, Survival mode, Set<String> kinds) {
    List<String> misfits = new ArrayList<>();
    for (Map<String, Inode> state : states) {
      Inode candidate = state.get(name);
      if (candidate != null) {
        String misfit = misfit(candidate, content, mode, kinds);
        if (misfit == null) {
          return candidate;
        }
        misfits.add("file " + candidate.id + ": " + misfit);
      }
    }
    throw new AssertionError(name + " in mode " + mode + " is no file of that name: " + misfits);
  }

  /** Why the content cannot be what a crash left of this file, or null if it can. */
  private static String misfit(Inode file, byte[] content, Survival mode, Set<String> kinds) {
    int n = content.length;
    if (n < file.synced || n > file.length) {
      return n + " bytes, not " + file.synced + " to " + file.length;
    }
    if ((mode == Survival.NONE && n != file.synced) || (mode == Survival.ALL && n != file.length)) {
      return n + " bytes in mode " + mode;
    }
    int lostSectors = 0;
    Map<Integer, Boolean> sectorLost = new HashMap<>();
    for (int i = 0; i < n; i++) {
      boolean right = content[i] == file.byteAt(i);
      if (!right && (i < file.synced || mode != Survival.SUBSET || content[i] != 0)) {
        return "byte " + i + " is wrong";
      }
      if (i >= file.synced) {
        Boolean lost = sectorLost.put(i / 64, !right);
        if (lost != null && lost == right) {
          return "half a sector at byte " + i;
        }
        lostSectors += lost == null && !right ? 1 : 0;
      }
    }
    if (n > file.synced) {
      kinds.add(lostSectors > 0 ? "holes" : n < file.length ? "part" : "whole");
    } else if (n < file.length) {
      kinds.add("cut");
    }
    return null;
  }

  private void checkNames(Map<String, Inode> found, Survival mode) {
    String what = mode + " of " + states.size() + " states, names " + found.keySet();
    switch (mode) {
      case NONE -> assertTrue(same(found, states.getFirst()), what);
      case ALL -> assertTrue(same(found, visible()), what);
      case PREFIX -> assertTrue(states.stream().anyMatch(state -> same(found, state)), what);
      case SUBSET -> {
        // A name nobody touched since the sync is as it was; any other is in one of its states.
        Set<String> names = new HashSet<>(found.keySet());
        states.forEach(state -> names.addAll(state.keySet()));
        for (String name : names) {
          Inode is = found.get(name);
          assertTrue(
              states.stream().anyMatch(state -> sameFile(state.get(name), is)), name + ": " + what);
        }
      }
    }
  }

  // An empty file is like any other empty file: identify() may have taken it for another one.
  private static boolean same(Map<String, Inode> found, Map<String, Inode> state) {
    return found.keySet().equals(state.keySet())
        && found.keySet().stream().allMatch(name -> sameFile(state.get(name), found.get(name)));
  }

  private static boolean sameFile(Inode a, Inode b) {
    return a == b || (a != null && b != null && a.synced == 0 && b.synced == 0);
  }

  SimFileSystem fs() {
    return fs;
  }
}
