/**
 * Makes a version of the tree durable and current: an edit is logged, synced, applied, published.
 *
 * <p>The bytes are described in {@code context/formats/manifest.md}. {@link
 * dev.atll.manifest.VersionSet} is the only door through which the shape of the tree changes.
 */
@NullMarked
package dev.atll.manifest;

import org.jspecify.annotations.NullMarked;
