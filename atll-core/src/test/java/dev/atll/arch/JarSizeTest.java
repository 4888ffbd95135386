package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** What a program carries to have a store is small: the jars of atll-core and atll-observe alone. */
class JarSizeTest {
  // A mebibyte, JCTools included, was the aim, and is missed: decision 0135.
  private static final int BYTES_MAX = 1_100_000;
  // The manifest and its directory: measured, below 600 bytes in each jar.
  private static final int BUILD_BYTES = 2 * 600;
  // A local and a central header, each with the name once more; behind a file its sizes, which
  // Maven's archiver writes there; the end of the directory.
  private static final int ZIP_ENTRY_BYTES = 30 + 46;
  private static final int ZIP_SIZES_BYTES = 16;
  private static final int ZIP_END_BYTES = 22;
  private static final Pattern EXCLUDE = Pattern.compile("<exclude>([^<*]+)\\**</exclude>");

  /** How the paths begin of what the build leaves out of a module's jar. */
  private static List<String> leftOut(String module) throws IOException {
    List<String> packages = new ArrayList<>();
    Path pom = EngineCode.rootDirectory().resolve(module).resolve("pom.xml");
    Matcher found = EXCLUDE.matcher(Files.readString(pom));
    while (found.find()) {
      packages.add(found.group(1));
    }
    assertFalse(packages.isEmpty(), module);
    return packages;
  }

  private static String path(JavaClass type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private static long jarBytes(String module) throws IOException {
    Path classes = EngineCode.rootDirectory().resolve(module).resolve("target/classes");
    List<String> leftOut = leftOut(module);
    long bytes = ZIP_END_BYTES;
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.sorted().toList()) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        if (!name.isEmpty() && leftOut.stream().noneMatch(name::startsWith)) {
          bytes += ZIP_ENTRY_BYTES + 2L * (name.length() + 1);
          if (!Files.isDirectory(file)) {
            bytes += ZIP_SIZES_BYTES + deflated(Files.readAllBytes(file));
          }
        }
      }
    }
    return bytes;
  }

  private static long deflated(byte[] content) {
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(content);
      deflater.finish();
      byte[] chunk = new byte[8192];
      while (!deflater.finished()) {
        deflater.deflate(chunk);
      }
      return deflater.getBytesWritten();
    }
  }

  @Test
  void bothJarsAreSmall() throws IOException {
    long core = jarBytes("atll-core");
    long observe = jarBytes("atll-observe");
    assertTrue(core > 500_000, "these are not the classes: " + core);
    long all = core + observe + BUILD_BYTES;
    assertTrue(
        all <= BYTES_MAX,
        () ->
            "atll-core " + core + " and atll-observe " + observe + " bytes are " + all
                + " with their manifests, more than " + BYTES_MAX
                + ": move what a store never runs to atll-core's tools jar");
  }

  @Test
  void nothingInTheJarUsesWhatIsLeftOut() throws IOException {
    List<String> leftOut = new ArrayList<>();
    leftOut.addAll(leftOut("atll-core"));
    leftOut.addAll(leftOut("atll-observe"));
    Set<String> wrong = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    for (JavaClass type : EngineCode.classes()) {
      Optional<String> out = leftOut.stream().filter(path(type)::startsWith).findFirst();
      out.ifPresent(seen::add);
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        String target = path(use.getTargetClass().getBaseComponentType());
        if (out.isEmpty() && leftOut.stream().anyMatch(target::startsWith)) {
          wrong.add(use.getDescription());
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    leftOut.removeIf(
        path ->
            path.startsWith("dev/atll/observe/")
                || path.startsWith("META-INF/")
                || path.endsWith("-info.class"));
    assertEquals(Set.copyOf(leftOut), seen);
  }
}
