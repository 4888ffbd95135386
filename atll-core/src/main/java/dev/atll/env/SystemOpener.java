package dev.atll.env;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a file again by its name, if that still means the same file.
 *
 * @param fileKey of the file, null where there are none
 */
record SystemOpener(Path path, @Nullable Object fileKey) implements BlockFile.Opener {
  private static final @Nullable OpenOption DIRECT = directOption();

  // By name: the module jdk.unsupported may be missing in an image made by jlink, and javac warns of it.
  private static @Nullable OpenOption directOption() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT") && option instanceof OpenOption direct) {
          return direct;
        }
      }
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
    return null;
  }

  @Override
  public FileChannel open(boolean direct) throws IOException {
    FileChannel open;
    try {
      open = FileChannel.open(path, options(direct));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw SystemFileSystem.translateOpening(path, e);
    }
    try {
      // The name may have been given to another file since.
      if (!Objects.equals(SystemFileSystem.regular(path).fileKey(), fileKey)) {
        throw new IOException("file was replaced since it was opened: " + path);
      }
    } catch (IOException e) {
      open.close();
      throw e;
    }
    return open;
  }

  private static Set<OpenOption> options(boolean direct) {
    if (!direct) {
      return Set.of(StandardOpenOption.READ);
    }
    OpenOption option = DIRECT;
    if (option == null) {
      throw new UnsupportedOperationException("no direct I/O");
    }
    return Set.of(StandardOpenOption.READ, option);
  }
}
