/**
 * The front door of the store.
 */
@NullMarked
package dev.atll;

import org.jspecify.annotations.NullMarked;
