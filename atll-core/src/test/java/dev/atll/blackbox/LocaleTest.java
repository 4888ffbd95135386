package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.observe.Observer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A store works alike, and its files have the same names, whatever the user's language is. */
@Isolated("changes the default locale")
class LocaleTest {
  private static final int ENTRIES = 200;

  @TempDir Path temp;

  @Test
  void aStoreWorksInEveryLocaleOfTheMachine() {
    Map<String, Locale> locales = localesByDigits();
    assertTrue(locales.size() > 5, () -> "digits known: " + locales.keySet());
    Env env = Env.system();
    try {
      in(locales.values(), env, temp);
    } finally {
      env.workers().close();
    }
  }

  /** Makes a store in each locale, and opens it in the same and in the next one. */
  private static void in(Collection<Locale> locales, Env env, Path parent) {
    Locale before = Locale.getDefault();
    try {
      int number = 0;
      Path last = null;
      for (Locale locale : locales) {
        Locale.setDefault(locale);
        if (last != null) {
          checkContent(last, env, locale);
        }
        last = parent.resolve("s" + number++);
        fill(last, env);
        checkContent(last, env, locale);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  /** One locale for each set of digits, and those whose letters change case in ways of their own. */
  private static Map<String, Locale> localesByDigits() {
    List<String> tags =
        new ArrayList<>(
            List.of("fa-IR", "ar-EG", "bn-BD", "mr-IN", "ne-NP", "my-MM", "tr-TR", "lt-LT"));
    // Trying all thousand locales of the machine costs ten seconds and finds no further digits.
    for (String digits :
        "fullwide khmr thai".split(" ")) {
      tags.add("th-TH-u-nu-" + digits);
    }
    Map<String, Locale> found = new LinkedHashMap<>();
    for (String tag : tags) {
      Locale locale = Locale.forLanguageTag(tag);
      found.putIfAbsent(String.format(locale, "%d", 1234567890L) + "I".toLowerCase(locale), locale);
    }
    return found;
  }

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(16 << 10)
        .slotBytes(4 << 10)
        .build();
  }

  private static void fill(Path directory, Env env) {
    try (AtllDb db = Atll.open(directory, options(), Observer.none(), env)) {
      for (int i = 0; i < ENTRIES; i++) {
        db.put(key(i), new byte[100]);
      }
      db.flush();
      db.compact(KeyRange.all());
      db.put(key(0), key(0));
    }
  }

  private static void checkContent(Path directory, Env env, Locale locale) {
    try (AtllDb db = Atll.open(directory, options(), Observer.none(), env)) {
      assertEquals(ENTRIES, db.count(KeyRange.all()), locale::toString);
      assertArrayEquals(key(0), db.get(key(0)), locale.toString());
      db.verify();
      assertTrue(!db.stats().toString().isEmpty());
    }
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.US_ASCII);
  }
}
