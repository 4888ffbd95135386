import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs classes of tests until the first failure: {@code TestsMain CLASS...}. Exit codes: 0 all
 * passed, 1 one failed, with a line {@code failed: NAME}, 2 there are no tests. Compiled by {@code
 * MutantMain}, since nothing else needs the launcher of JUnit.
 */
public final class TestsMain {
  private TestsMain() {}

  /** Runs them. */
  public static void main(String[] classes) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
            .build();
    Listener listener = new Listener();
    LauncherFactory.create().execute(request, listener);
    // Threads that a test left behind shall not keep the process.
    exit(listener.passed.get() > 0 ? 0 : 2);
  }

  private static void exit(int code) {
    System.out.flush();
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(code);
  }

  private static final class Listener implements TestExecutionListener {
    private final AtomicInteger passed = new AtomicInteger();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      switch (result.getStatus()) {
        case SUCCESSFUL -> {
          if (test.isTest()) {
            passed.incrementAndGet();
          }
        }
        case FAILED -> {
          System.out.println("failed: " + name(test));
          result.getThrowable().ifPresent(e -> e.printStackTrace(System.out));
          exit(1);
        }
        case ABORTED -> System.out.println("not run: " + name(test));
      }
    }

    /** The last two parts of the name: class and method. */
    private static String name(TestIdentifier test) {
      String method = test.getLegacyReportingName().replaceAll("\\(.*", "");
      String id = test.getUniqueId().replaceAll(".*\\[(?:class|nested-class):([^]]*)].*", "$1");
      String type = id.substring(id.lastIndexOf('.') + 1);
      return method.equals(type) ? type : type + "." + method;
    }
  }
}
