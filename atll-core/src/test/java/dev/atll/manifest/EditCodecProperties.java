package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.version.RandomEdits;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionText;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class EditCodecProperties {
  private static final int LEVELS = 3;

  @Property(tries = 200)
  void decodingGivesBackWhatWasEncoded(@ForAll long seed) {
    RandomEdits edits = new RandomEdits(new Random(seed), new AtomicLong(1)::getAndIncrement);
    Version v = Version.empty(LEVELS);
    for (int i = 0; i < 30; i++) {
      VersionEdit edit = edits.next(v);
      byte[] bytes = EditCodec.encode(edit);
      VersionEdit back = EditCodec.decode(bytes, "m", 0);
      assertEquals(VersionText.of(edit), VersionText.of(back));
      assertArrayEquals(bytes, EditCodec.encode(back));
      v = v.apply(edit);
      Version copy = Version.empty(LEVELS).apply(EditCodec.snapshot(v));
      assertEquals(VersionText.of(v), VersionText.of(copy));
    }
  }

  /** Bytes with a right checksum but a wrong content: a typed error or an edit, never anything else. */
  @Property(tries = 500)
  void hostileBytesAreRefusedByType(@ForAll long seed) {
    Random random = new Random(seed);
    RandomEdits edits = new RandomEdits(random, new AtomicLong(1)::getAndIncrement);
    Version v = Version.empty(LEVELS);
    for (int i = 0; i < 10; i++) {
      v = v.apply(edits.next(v));
    }
    byte[] bytes = EditCodec.encode(EditCodec.snapshot(v));
    for (int i = 0; i < 50; i++) {
      byte[] bad = bytes.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        Version.empty(LEVELS).apply(EditCodec.decode(bad, "m", 77));
      } catch (CorruptionException e) {
        assertEquals("m", e.file());
        assertEquals(77, e.offset());
      } catch (UnsupportedFormatException | IllegalArgumentException e) {
        continue; // unknown tag; or an edit that does not fit, which the reader reports as damage
      }
    }
  }
}
