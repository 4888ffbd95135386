package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.InvalidInputException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code context/policies.md} says about writing and plugging in a policy, done to the letter. */
final class PolicyTextTest {
  private static final int POLICY_LINES_MAX = 40;

  @TempDir private Path temp;

  @Test
  void thePolicyOfTheTextCompilesIsFoundAndRuns() throws Exception {
    String text =
        Files.readString(
            Path.of(System.getProperty("atll.basedir", ""))
                .toAbsolutePath()
                .resolve("../context/policies.md"));
    List<Path> sources = new ArrayList<>();
    Matcher blocks = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (blocks.find()) {
      String code = blocks.group(1);
      Matcher name = Pattern.compile("class (\\w+)").matcher(code);
      assertTrue(name.find());
      assertTrue(code.lines().count() <= POLICY_LINES_MAX, "30 lines and the imports");
      Path source = temp.resolve(name.group(1) + ".java");
      Files.writeString(source, code);
      sources.add(source);
    }
    assertEquals(2, sources.size());
    compile(sources);
    Path services = temp.resolve("META-INF/services");
    Files.createDirectories(services);
    String service = PolicyProvider.class.getName();
    assertTrue(text.contains("META-INF/services/" + service));
    Files.writeString(services.resolve(service), "example.BinaryProvider\n");

    assertThrows(InvalidInputException.class, () -> Policies.byName("binary", 1));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {temp.toUri().toURL()}, before)) {
      thread.setContextClassLoader(jar);
      assertTrue(Policies.explanations().get("binary").contains("twice"));
      assertThrows(InvalidInputException.class, () -> Policies.byName("binary:k=3", 1));
      run(Policies.byName("binary", 1));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aJarWhosePolicyCannotBeLoadedKeepsNoStoreFromOpening() throws Exception {
    Path services = temp.resolve("META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve(PolicyProvider.class.getName()), "example.Absent\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {temp.toUri().toURL()}, before)) {
      thread.setContextClassLoader(jar);
      assertEquals("atll", Policies.byName("atll", 1).name());
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> Policies.byName("absent", 1));
      assertTrue(e.getMessage().contains("example.Absent"), e.getMessage());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void compile(List<Path> sources) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    String classes =
        Path.of(Policies.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  // The annotations on packages need not be there to compile against them.
                  List.of("-d", temp.toString(), "-cp", classes, "-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertTrue(compiled, said::toString);
    }
  }

  /** The name, keys kept, and the promise of the policy: what arrives is less than half of the next. */
  private static void run(CompactionPolicy policy) {
    assertEquals("binary", policy.name());
    UnitCosts costs = new UnitCosts(50, 1000, 2000, 0.2, 0.8);
    PolicyModel tree =
        new PolicyModel(
            new PolicySettings(3200, 8, 800, 64, 10, Long.MAX_VALUE, 1001), costs, 4);
    Random random = new Random(4);
    TreeSet<Integer> all = new TreeSet<>();
    for (int flush = 0; flush < 100; flush++) {
      TreeSet<Integer> keys = new TreeSet<>();
      while (keys.size() < 32) {
        keys.add(random.nextInt(5000));
      }
      all.addAll(keys);
      tree.flush(new ModelRun(keys.stream().mapToInt(k -> k).toArray(), new boolean[keys.size()]));
      tree.settle(policy);
      assertEquals(all.size(), tree.visible().cardinality());
      for (LevelFacts level : tree.snapshot().levels()) {
        for (SlotFacts slot : level.slots()) {
          // Older runs may have been cut unevenly since.
          List<RunFacts> runs = slot.runs();
          assertTrue(runs.size() < 2 || runs.get(1).bytes() > 2 * runs.get(0).bytes());
        }
      }
    }
    double written = 1 + tree.bytesWritten / (double) tree.bytesFlushed;
    assertTrue(written > 2 && written < 8, () -> "write amplification " + written);
  }
}
