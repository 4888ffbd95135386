package dev.atll.engine;

import dev.atll.env.SyncFailureException;
import dev.atll.manifest.ManifestFormat;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.PoisonCause;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells why writing ended, by the failure that ended it. */
final class PoisonNews {
  // Longer chains are those of a mistake that causes itself.
  private static final int CAUSES_MAX = 16;
  // The errors of files name them; an event may not carry the text, but the number.
  private static final Pattern FILE =
      Pattern.compile(
          "[0-9]{12,18}\\.(?:wal|sst)|"
              + Pattern.quote(ManifestFormat.PREFIX)
              + "[0-9]{12,18}|"
              + Pattern.quote(ManifestFormat.CURRENT));

  private PoisonNews() {}

  static EngineEvent.Poisoned of(Throwable failure, long nowNanos) {
    boolean sync = false;
    boolean io = false;
    StoreFiles.Named file = null;
    int depth = 0;
    for (Throwable e = failure; e != null && depth < CAUSES_MAX; e = e.getCause(), depth++) {
      sync |= e instanceof SyncFailureException;
      io |= e instanceof IOException;
      file = file == null ? named(e.getMessage()) : file;
    }
    FileKind kind = file == null ? FileKind.OTHER : file.kind();
    return new EngineEvent.Poisoned(
        nowNanos, cause(sync, io, kind), kind, file == null ? 0 : file.number());
  }

  private static PoisonCause cause(boolean sync, boolean io, FileKind kind) {
    if (kind == FileKind.MANIFEST || kind == FileKind.CURRENT) {
      return PoisonCause.MANIFEST_FAILED;
    }
    return sync ? PoisonCause.SYNC_FAILED : io ? PoisonCause.WRITE_FAILED : PoisonCause.INTERNAL;
  }

  private static StoreFiles.@Nullable Named named(@Nullable String message) {
    if (message == null) {
      return null;
    }
    Matcher matcher = FILE.matcher(message);
    return matcher.find() ? StoreFiles.named(matcher.group()) : null;
  }
}
