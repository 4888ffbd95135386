package dev.atll.env;

/** The kinds of call the file layer makes, for tracing, counting, crashing and failing them. */
public enum OpKind {
  /** Making a directory, when a storage is opened. */
  MKDIR(true),
  /** {@link Storage#create}. */
  CREATE(true),
  /** {@link FileOut#append}. */
  APPEND(true),
  /** {@link FileOut#sync}. */
  SYNC(true),
  /** {@link Storage#syncDirectory}. */
  SYNC_DIRECTORY(true),
  /** {@link Storage#rename}. */
  RENAME(true),
  /** {@link Storage#delete}. */
  DELETE(true),
  /** {@link Storage#link}. */
  LINK(true),
  /** {@link Storage#open}. */
  OPEN(false),
  /** {@link FileIn#readFully}. */
  READ(false),
  /** {@link FileIn#readBlock}. */
  READ_BLOCK(false),
  /** {@link FileIn#map}. */
  MAP(false),
  /** {@link Storage#list}. */
  LIST(false),
  /** {@link Storage#exists}, {@link Storage#length} and {@link Storage#identity}. */
  STAT(false),
  /** {@link Storage#lock}. */
  LOCK(false);

  private final boolean mutating;

  OpKind(boolean mutating) {
    this.mutating = mutating;
  }

  /** Whether the call may change what a crash leaves behind. */
  public boolean mutating() {
    return mutating;
  }
}
