package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.evidence.BundleParts;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/// An evidence bundle in a zip, read part by part without unpacking it.
///
/// A zip comes from strangers: more than [#PARTS_MAX] parts, a name twice, or a part that unpacks
/// to more than [#BYTES_MAX] bytes is refused.
public final class ZipParts implements BundleParts, AutoCloseable {
  private static final int PARTS_MAX = 1_000;
  private static final long BYTES_MAX = 4L * 1024 * 1024 * 1024;

  private final ZipFile zip;
  private final SortedSet<String> names = new TreeSet<>();

  /// Opens a zip.
  public ZipParts(Path file) {
    try {
      this.zip = new ZipFile(file.toFile());
    } catch (IOException e) {
      throw new CommandFailed(
          "`" + file.getFileName() + "` is not a zip: " + e.getMessage(),
          "pass what `remit evidence export` has written",
          e);
    }
    zip.stream().limit(PARTS_MAX + 1L).forEach(entry -> add(entry.getName()));
  }

  private void add(String name) {
    if (!names.add(name) || names.size() > PARTS_MAX) {
      throw new CommandFailed(
          "the zip holds `" + name + "` twice, or more than " + PARTS_MAX + " parts",
          "ask for the bundle again");
    }
  }

  @Override
  public SortedSet<String> names() {
    return names;
  }

  @Override
  public Optional<InputStream> open(String name) {
    var entry = zip.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Bounded(name, zip.getInputStream(entry)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read `" + name + "` of the zip", e);
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends in an error rather than in a full disk or memory.
  private static final class Bounded extends FilterInputStream {
    private final String name;
    private long rest = BYTES_MAX;

    private Bounded(String name, InputStream in) {
      super(in);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = super.read(into, offset, length);
      return counted(n, n);
    }

    private int counted(int result, int bytes) throws IOException {
      rest -= result < 0 ? 0 : bytes;
      if (rest < 0) {
        throw new IOException("`" + name + "` unpacks to more than " + BYTES_MAX + " bytes");
      }
      return result;
    }
  }
}
