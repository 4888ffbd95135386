/** Wrappers around any file system: one fails chosen calls, one records all of them. */
@NullMarked
package dev.atll.env.fault;

import org.jspecify.annotations.NullMarked;
