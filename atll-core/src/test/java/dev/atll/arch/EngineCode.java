package dev.atll.arch;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;

/** The compiled main classes of the engine, read once for all tests of this package. */
final class EngineCode {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(projectDirectory().resolve("target/classes"));

  private EngineCode() {}

  /** Every class but the package descriptors, which say nothing about who uses whom. */
  static List<JavaClass> classes() {
    return CLASSES.stream()
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .toList();
  }

  /** The directory of this module; the build says where, an editor starts tests inside it. */
  static Path projectDirectory() {
    return Path.of(System.getProperty("atll.basedir", "")).toAbsolutePath();
  }

  /** The directory of the whole project. */
  static Path rootDirectory() {
    return projectDirectory().getParent();
  }
}
