package dev.atll.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bytes on disk are not what was written. Names the file and the offset; never skipped silently. */
public final class CorruptionException extends AtllException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /** Creates it for the damage at an offset of a file of the store. */
  public CorruptionException(String file, long offset, String what, @Nullable Throwable cause) {
    super(
        String.format(Locale.ROOT, "corruption in %s at offset %d: %s", file, offset, what), cause);
    this.file = file;
    this.offset = offset;
  }

  /** Creates it for the damage at an offset of a file of the store. */
  public CorruptionException(String file, long offset, String what) {
    this(file, offset, what, null);
  }

  /** Name of the damaged file inside the store's directory. */
  public String file() {
    return file;
  }

  /** Byte offset of the damaged record or block. */
  public long offset() {
    return offset;
  }
}
