package dev.atll.testing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;

/**
 * Makes each access of a class to memory outside the heap a step of {@link Interleavings}, by changing
 * the class while it is loaded. Copies are two steps, as other threads may see them half done.
 */
public final class Steps {
  private static final ClassDesc STEPS = ClassDesc.of(Steps.class.getName());

  private static volatile LongPredicate counts = at -> true;

  private Steps() {}

  /** Says which addresses, from the beginning of their memory, are worth a step. */
  public static void counting(LongPredicate wanted) {
    counts = wanted;
  }

  /** A class loader of its own for the classes whose names begin so, with their steps. */
  public static ClassLoader loader(String prefix) {
    return new ClassLoader(Steps.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(prefix)) {
          return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded != null ? loaded : define(name);
        }
      }

      private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          byte[] bytes = withSteps(in.readAllBytes());
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    };
  }

  private static byte[] withSteps(byte[] bytes) {
    CodeTransform steps =
        (code, element) -> {
          if (element instanceof InvokeInstruction call) {
            String owner = call.owner().asInternalName();
            String name = call.name().stringValue();
            if (owner.equals("java/lang/invoke/VarHandle")
                && call.opcode() == Opcode.INVOKEVIRTUAL) {
              code.invokestatic(
                  STEPS,
                  name,
                  call.typeSymbol().insertParameterTypes(0, ConstantDescs.CD_VarHandle));
              return;
            }
            if (owner.equals("java/lang/foreign/MemorySegment") && name.equals("copy")) {
              code.invokestatic(STEPS, name, call.typeSymbol());
              return;
            }
          }
          code.with(element);
        };
    ClassFile file = ClassFile.of();
    return file.transformClass(
        file.parse(bytes), ClassTransform.transformingMethodBodies(steps));
  }

  private static void at(long offset) {
    if (counts.test(offset)) {
      Interleavings.step();
    }
  }

  public static long getOpaque(VarHandle words, MemorySegment memory, long offset) {
    at(offset);
    return (long) words.getOpaque(memory, offset);
  }

  public static long getAcquire(VarHandle words, MemorySegment memory, long offset) {
    at(offset);
    return (long) words.getAcquire(memory, offset);
  }

  public static void setOpaque(VarHandle words, MemorySegment memory, long offset, long value) {
    at(offset);
    words.setOpaque(memory, offset, value);
  }

  public static void setRelease(VarHandle words, MemorySegment memory, long offset, long value) {
    at(offset);
    words.setRelease(memory, offset, value);
  }

  public static boolean compareAndSet(
      VarHandle words, MemorySegment memory, long offset, long expected, long value) {
    at(offset);
    return words.compareAndSet(memory, offset, expected, value);
  }

  public static void copy(
      MemorySegment from, ValueLayout layout, long offset, Object to, int index, int count) {
    int half = count / 2;
    Interleavings.step();
    MemorySegment.copy(from, layout, offset, to, index, half);
    Interleavings.step();
    MemorySegment.copy(from, layout, offset + half, to, index + half, count - half);
  }

  public static void copy(
      Object from, int index, MemorySegment to, ValueLayout layout, long offset, int count) {
    int half = count / 2;
    Interleavings.step();
    MemorySegment.copy(from, index, to, layout, offset, half);
    Interleavings.step();
    MemorySegment.copy(from, index + half, to, layout, offset + half, count - half);
  }
}
