/**
 * Events as lines of JSON: a codec, a recorder with bounded space, and a reader.
 *
 * <p>The format is described in {@code context/formats/trace.md}.
 */
@NullMarked
package dev.atll.observe.json;

import org.jspecify.annotations.NullMarked;
