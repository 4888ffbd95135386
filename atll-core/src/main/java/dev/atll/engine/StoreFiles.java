package dev.atll.engine;

import dev.atll.manifest.ManifestFormat;
import dev.atll.observe.event.FileKind;
import dev.atll.sstable.TableNames;
import dev.atll.wal.WalFiles;

/** The files of a store as events name them: a kind and a number. */
final class StoreFiles {
  /** A file; the number is 0 where the kind has none. */
  record Named(FileKind kind, long number) {}

  private StoreFiles() {}

  static Named named(String fileName) {
    long table = TableNames.fileNumber(fileName);
    if (table >= 0) {
      return new Named(FileKind.TABLE, table);
    }
    long segment = WalFiles.number(fileName);
    if (segment >= 0) {
      return new Named(FileKind.WAL, segment);
    }
    long manifest = ManifestFormat.number(fileName);
    if (manifest >= 0) {
      return new Named(FileKind.MANIFEST, manifest);
    }
    return new Named(
        fileName.equals(ManifestFormat.CURRENT) ? FileKind.CURRENT : FileKind.OTHER, 0);
  }
}
