/**
 * The public vocabulary of the store.
 *
 * <p>No parameter of this package or of {@link dev.atll.Atll} may be null, unless it is marked {@code
 * Nullable} and its text says what null means. A null throws {@link NullPointerException} with the
 * name of the parameter, and nothing has been done then.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.api;
