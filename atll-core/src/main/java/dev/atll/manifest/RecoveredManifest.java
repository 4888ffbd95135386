package dev.atll.manifest;

/**
 * What opening a store found in its manifest.
 *
 * @param manifest name of the manifest that was read
 * @param edits edits in it after the snapshot at its head
 * @param cutOffset where an incomplete last edit was cut, or -1
 * @param cutBytes bytes cut there
 */
record RecoveredManifest(String manifest, long edits, long cutOffset, long cutBytes) {}
