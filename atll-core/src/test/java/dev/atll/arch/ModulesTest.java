package dev.atll.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs may see of the two modules, and that a store works for those that see no more. */
class ModulesTest {
  /** Half of the 289 types that were public when nothing said which of them are for programs. */
  private static final int PUBLIC_TYPES_MAX = 144;

  private static final List<String> MODULES = List.of("atll-core", "atll-observe");

  @TempDir Path temp;

  private static Path classes(String module) {
    return EngineCode.rootDirectory().resolve(module).resolve("target/classes");
  }

  /** The two, and the queue that one of them is built on. */
  private static ModuleFinder finder() {
    Stream<Path> jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> entry.contains("jctools"))
            .map(Path::of);
    return ModuleFinder.of(
        Stream.concat(MODULES.stream().map(ModulesTest::classes), jars).toArray(Path[]::new));
  }

  private static Set<String> exported(String module) {
    ModuleReference found = finder().find(module).orElseThrow();
    return found.descriptor().exports().stream()
        .peek(export -> assertFalse(export.isQualified(), export::toString))
        .map(export -> export.source())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void programsSeeTheFrontDoorTheVocabularyPoliciesAndEvents() {
    assertEquals(
        Set.of("dev.atll", "dev.atll.api", "dev.atll.kernel", "dev.atll.policy"),
        exported("dev.atll.core"));
    assertEquals(
        Set.of("dev.atll.observe", "dev.atll.observe.event"), exported("dev.atll.observe"));
  }

  @Test
  void programsSeeFewTypes() throws IOException, ClassNotFoundException {
    Set<String> packages = new TreeSet<>(exported("dev.atll.core"));
    packages.addAll(exported("dev.atll.observe"));
    List<String> types = new ArrayList<>();
    for (String module : MODULES) {
      for (String name : packages) {
        Path directory = classes(module).resolve(name.replace('.', '/'));
        if (Files.isDirectory(directory)) {
          try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
              String type = file.getFileName().toString().replace(".class", "");
              if (Files.isRegularFile(file) && !type.contains("$") && !type.endsWith("-info")) {
                Class<?> loaded =
                    Class.forName(name + "." + type, false, getClass().getClassLoader());
                if (Modifier.isPublic(loaded.getModifiers())) {
                  types.add(loaded.getName());
                }
              }
            }
          }
        }
      }
    }
    assertTrue(types.size() > 50, "these are not the classes: " + types);
    assertTrue(types.size() <= PUBLIC_TYPES_MAX, () -> types.size() + " types: " + types);
  }

  @Test
  void aStoreWorksOnTheModulePath() throws ReflectiveOperationException {
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolveAndBind(finder(), ModuleFinder.of(), Set.of("dev.atll.core"));
    ModuleLayer layer =
        ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
            .layer();
    ClassLoader loader = layer.findLoader("dev.atll.core");
    Class<?> door = loader.loadClass("dev.atll.Atll");
    assertEquals("dev.atll.core", door.getModule().getName());
    Object store = door.getMethod("open", Path.class).invoke(null, temp.resolve("store"));
    Class<?> db = loader.loadClass("dev.atll.api.AtllDb");
    byte[] key = {1};
    db.getMethod("put", byte[].class, byte[].class).invoke(store, key, new byte[] {2});
    byte[] value =
        (byte[]) loader.loadClass("dev.atll.api.Reader").getMethod("get", byte[].class).invoke(store, key);
    assertEquals(2, value[0]);
    db.getMethod("close").invoke(store);
  }
}
