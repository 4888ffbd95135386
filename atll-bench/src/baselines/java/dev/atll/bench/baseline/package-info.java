/** Peers with native code, built with the profile {@code baselines} alone. */
@NullMarked
package dev.atll.bench.baseline;

import org.jspecify.annotations.NullMarked;
