package dev.atll.env.sim;

import dev.atll.env.OpKind;

/** Called before each call that may change what a crash leaves. */
@FunctionalInterface
public interface OperationHook {
  /**
   * Called before the operation takes effect; may take a crash image or throw {@link
   * SimulatedCrash}.
   *
   * @param kind a mutating kind
   * @param name the file; for a rename or a link the new name; for a directory its path
   */
  void before(OpKind kind, String name);
}
