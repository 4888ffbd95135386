/** Engines under a limit of memory, a process and a control group each, and their use of the disk. */
@NullMarked
package dev.atll.bench.memory;

import org.jspecify.annotations.NullMarked;
