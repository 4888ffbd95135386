/** Long-running attacks on a store from outside: processes killed in the middle of their work. */
@NullMarked
package dev.atll.bench.torture;

import org.jspecify.annotations.NullMarked;
