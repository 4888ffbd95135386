package dev.atll.torture;

import dev.atll.manifest.ManifestHistory;
import java.io.IOException;

/** Manifests alone, rolled every few edits, through power cuts: more of both than a store has. */
final class ManifestStage implements Stage {
  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      ManifestHistory history = new ManifestHistory(seed);
      try {
        history.run();
      } catch (IOException | RuntimeException | AssertionError e) {
        campaign.figures.wrong++;
        throw new AssertionError(
            "replay: mvn test -pl atll-core -am -Dtest=ManifestCrashTest -Dseed=" + seed, e);
      }
      campaign.figures.histories++;
      campaign.figures.crashPoints += history.crashes();
      campaign.figures.images += history.crashes();
    }
    return false;
  }
}
