/** The stores that workloads run against, all behind one small interface: ours and its peers. */
@NullMarked
package dev.atll.bench.store;

import org.jspecify.annotations.NullMarked;
