/**
 * Simulated histories of the whole store, checked against a model, cut by power failures anywhere.
 *
 * <p>A seed chooses a list of {@link dev.atll.torture.Op}s; a {@link dev.atll.torture.World} runs
 * them on a store in a simulated environment and compares every answer with a {@link
 * dev.atll.torture.Model}. A new operation of the store is one record in {@link
 * dev.atll.torture.WriteOps}, {@link dev.atll.torture.ReadOps} or {@link
 * dev.atll.torture.StoreOps} and one line in {@link dev.atll.torture.OpMix}: every test here then
 * uses it.
 */
@NullMarked
package dev.atll.torture;

import org.jspecify.annotations.NullMarked;
