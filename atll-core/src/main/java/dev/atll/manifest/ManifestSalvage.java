package dev.atll.manifest;

import dev.atll.api.CorruptionException;
import dev.atll.env.Storage;
import dev.atll.version.Version;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the manifest in force of a damaged store, and changes nothing. */
public final class ManifestSalvage {
  /**
   * What the manifest says.
   *
   * @param version the tree
   * @param storeId of the store, which its log repeats
   */
  public record Found(Version version, long storeId) {}

  private ManifestSalvage() {}

  /**
   * The manifest in force.
   *
   * @param damage told why there is none
   * @return null if {@code CURRENT} or the manifest is damaged: an older manifest would be of no use,
   *     since the tables of later changes are unknown to it
   * @throws IOException if a file cannot be read
   */
  public static @Nullable Found read(Storage storage, Consumer<CorruptionException> damage)
      throws IOException {
    try {
      if (!storage.exists(ManifestFormat.CURRENT)) {
        throw new CorruptionException(ManifestFormat.CURRENT, 0, "missing");
      }
      ManifestReader.Contents contents =
          ManifestReader.read(storage, CurrentFile.read(storage));
      return new Found(contents.version(), contents.header().storeId());
    } catch (CorruptionException e) {
      damage.accept(e);
      return null;
    }
  }
}
