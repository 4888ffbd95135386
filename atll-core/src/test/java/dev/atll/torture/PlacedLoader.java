package dev.atll.torture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loads the engine and its tests anew, with a {@link Trap} to pass in front of each allocation and
 * at the beginning of each method of the packages that decide, merge and install. So code that
 * nobody can replace from outside throws where it is told to.
 */
final class PlacedLoader extends ClassLoader implements IntFunction<String> {
  static {
    registerAsParallelCapable();
  }

  private static final ClassDesc PLACES = ClassDesc.of(Places.class.getName());
  private static final MethodTypeDesc PLACE =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  private static final List<String> ENGINE =
      List.of(
          "dev.atll.schedule.", "dev.atll.compact.", "dev.atll.tree.", "dev.atll.manifest.",
          "dev.atll.version.");
  private static final List<String> ADVISERS = List.of("dev.atll.policy.");
  private static final List<String> TABLES = List.of("dev.atll.sstable.");

  private final ClassFile classes =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(PlacedLoader.class.getClassLoader())));

  // What each place is called, by its number.
  private final List<String> places = new CopyOnWriteArrayList<>();

  PlacedLoader() {
    super(PlacedLoader.class.getClassLoader());
  }

  /** What a place is called: the class and the method that it is in. */
  @Override
  public String apply(int place) {
    return places.get(place);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    // All of this project has to be one family.
    if (!name.startsWith("dev.atll.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = placed(name, bytes(name));
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] placed(String name, byte[] bytes) {
    String allocation = null;
    String entry = null;
    if (isIn(name, ENGINE)) {
      allocation = "allocates";
      entry = "steps";
    } else if (isIn(name, ADVISERS)) {
      allocation = "advises";
      entry = "advises";
    } else if (isIn(name, TABLES)) {
      allocation = "makesTables";
    }
    if (allocation == null) {
      return bytes;
    }
    String before = allocation;
    String first = entry;
    ClassTransform transform =
        ClassTransform.transformingMethods(
            // A class whose initializer threw is of no use to the runs after this one.
            method -> !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
            (methods, part) -> {
              if (part instanceof CodeModel code) {
                String method =
                    code.parent().map(MethodModel::methodName).map(Object::toString).orElse("");
                boolean constructs = method.equals(ConstantDescs.INIT_NAME);
                String where = name + "." + method;
                methods.transformCode(
                    code,
                    CodeTransform.ofStateful(
                        () -> new Placing(where, before, constructs ? null : first)));
              } else {
                methods.with(part);
              }
            });
    return classes.transformClass(classes.parse(bytes), transform);
  }

  private static boolean isIn(String name, List<String> packages) {
    return packages.stream().anyMatch(name::startsWith);
  }

  /** Puts a call in front of each allocation of a method, and at its beginning unless null. */
  private final class Placing implements CodeTransform {
    private final String where;
    private final String allocation;
    private final @Nullable String entry;

    Placing(String where, String allocation, @Nullable String entry) {
      this.where = where;
      this.allocation = allocation;
      this.entry = entry;
    }

    @Override
    public void atStart(CodeBuilder code) {
      if (entry != null) {
        pass(code, entry);
      }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      boolean allocates =
          element instanceof NewObjectInstruction
              || element instanceof NewPrimitiveArrayInstruction
              || element instanceof NewReferenceArrayInstruction
              || element instanceof NewMultiArrayInstruction
              || element instanceof InvokeDynamicInstruction;
      if (allocates) {
        pass(code, allocation);
      }
      code.with(element);
    }

    private void pass(CodeBuilder code, String kind) {
      synchronized (places) {
        code.loadConstant(places.size());
        places.add(where);
      }
      code.invokestatic(PLACES, kind, PLACE);
    }
  }
}
