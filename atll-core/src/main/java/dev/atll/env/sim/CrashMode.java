package dev.atll.env.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What survives a power cut, of bytes and of names; each file and each directory draws its own lot.
 *
 * @param bytes of the content appended to a file since its last sync
 * @param names of the changes of names since the last sync of their directory
 */
public record CrashMode(Survival bytes, Survival names) {
  /** Only what was synced. */
  public static final CrashMode SYNCED_ONLY = new CrashMode(Survival.NONE, Survival.NONE);

  /** All that reached the device's queue in time. */
  public static final CrashMode EVERYTHING = new CrashMode(Survival.ALL, Survival.ALL);

  private static final List<CrashMode> MODES = allModes();

  /** Each of the sixteen modes. */
  public static List<CrashMode> all() {
    return MODES;
  }

  /** One of {@link #all()}, each as likely as the others. */
  public static CrashMode any(RandomGenerator random) {
    return MODES.get(random.nextInt(MODES.size()));
  }

  private static List<CrashMode> allModes() {
    List<CrashMode> modes = new ArrayList<>();
    for (Survival bytes : Survival.values()) {
      for (Survival names : Survival.values()) {
        modes.add(new CrashMode(bytes, names));
      }
    }
    return List.copyOf(modes);
  }
}
