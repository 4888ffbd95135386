/**
 * What an action does to the tree, written once: for engine, simulator and tests. Pure: no key, file,
 * clock or chance, and runs are whatever its user has for them.
 */
@NullMarked
package dev.atll.kernel;

import org.jspecify.annotations.NullMarked;
