package dev.atll.arch;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which parts of the JDK only {@code dev.atll.env} may touch, so that a seed can replay a history of
 * the whole engine with simulated files, time, threads and chance.
 */
final class Seams {
  /** A forbidden use of a type, and what to use instead. */
  private record TypeBan(Predicate<String> type, String instead) {}

  /** A forbidden call, and what to use instead. */
  private record CallBan(Predicate<Call> call, String instead) {}

  /** A call, constructor call or method reference: {@code new} is the method {@code <init>}. */
  private record Call(String type, String method, int parameters) {
    boolean isOneOf(String owner, String... methods) {
      return type.equals(owner) && List.of(methods).contains(method);
    }

    boolean constructs(String owner) {
      return isOneOf(owner, "<init>");
    }
  }

  private static final List<TypeBan> TYPES =
      List.of(
          new TypeBan(type -> type.startsWith("java.nio.channels."), "env.Storage"),
          new TypeBan("java.nio.file.Files"::equals, "env.Storage"),
          new TypeBan("java.io.RandomAccessFile"::equals, "env.Storage"),
          new TypeBan(type -> type.matches("java\\.io\\.File(?!NotFound).*"), "env.Storage"),
          new TypeBan("java.util.concurrent.ThreadLocalRandom"::equals, "Env.random(stream)"),
          new TypeBan("java.util.concurrent.Executors"::equals, "env.Workers"),
          new TypeBan("java.util.concurrent.ForkJoinPool"::equals, "env.Workers"),
          new TypeBan("java.util.Timer"::equals, "env.Workers"),
          new TypeBan("java.security.SecureRandom"::equals, "Env.random(stream)"));

  private static final List<CallBan> CALLS =
      List.of(
          new CallBan(
              c -> c.isOneOf("java.lang.System", "nanoTime", "currentTimeMillis"), "env.Clock"),
          new CallBan(c -> c.isOneOf("java.time.Instant", "now"), "env.Clock"),
          new CallBan(
              c -> c.type().equals("java.time.Clock") && c.method().startsWith("system"),
              "env.Clock"),
          new CallBan(
              c ->
                  c.isOneOf(
                      "java.lang.Thread", "<init>", "ofVirtual", "ofPlatform",
                      "startVirtualThread"),
              "env.Workers"),
          new CallBan(c -> c.isOneOf("java.lang.Thread", "sleep"), "Workers.awaitUntil"),
          new CallBan(c -> c.isOneOf("java.lang.Math", "random"), "Env.random(stream)"),
          new CallBan(c -> c.isOneOf("java.util.UUID", "randomUUID"), "Env.random(stream)"),
          new CallBan(
              c ->
                  c.parameters() == 0
                      && (c.constructs("java.util.Random")
                          || c.constructs("java.util.SplittableRandom")),
              "Env.random(stream)"));

  private Seams() {}

  /** The uses that only {@code env} may make, each with its replacement. */
  static Set<String> leaks(JavaClass type) {
    Set<String> leaks = new TreeSet<>();
    for (Dependency use : type.getDirectDependenciesFromSelf()) {
      String target = use.getTargetClass().getBaseComponentType().getName();
      TYPES.stream()
          .filter(ban -> ban.type().test(target))
          .forEach(ban -> leaks.add(type.getName() + ": not " + target + " but " + ban.instead()));
    }
    for (JavaAccess<?> access : type.getAccessesFromSelf()) {
      if (access.getTarget() instanceof CodeUnitAccessTarget target) {
        Call call =
            new Call(
                target.getOwner().getName(),
                target.getName(),
                target.getRawParameterTypes().size());
        CALLS.stream()
            .filter(ban -> ban.call().test(call))
            .forEach(
                ban ->
                    leaks.add(
                        type.getName() + ": not " + call.type() + "." + call.method() + " but "
                            + ban.instead()));
      }
    }
    return leaks;
  }

  /** What keeps a class of floor 2 from being a pure function of its arguments. */
  static Set<String> impurities(JavaClass type) {
    Set<String> impurities = leaks(type);
    for (Dependency use : type.getDirectDependenciesFromSelf()) {
      String target = use.getTargetClass().getBaseComponentType().getName();
      if (target.startsWith("dev.atll.env.")
          || target.equals("java.lang.Thread")
          || target.startsWith("java.nio.file.")) {
        impurities.add(type.getName() + ": floor 2 is told, it does not ask: " + target);
      }
    }
    return impurities;
  }
}
