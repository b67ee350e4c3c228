package dev.remit.server.export;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.remit.server.export.format.Ocsf;
import dev.remit.server.export.format.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// A file to which OCSF events are added, one a line, each on the disk before it counts as taken.
///
/// Opened for each delivery, so that whoever rotates it may rename it at any time.
final class FileDestination implements Destination {
  private static final int AT_ONCE_MAX = 500;

  private final Path path;

  FileDestination(Target.OcsfFile target) {
    this.path = target.path();
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    var lines = new ByteArrayOutputStream();
    entries.forEach(out -> lines.writeBytes(Ocsf.line(out)));
    try (var file =
        FileChannel.open(
            path,
            Set.of(CREATE, READ, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
      long end = endOfLines(file);
      var buffer = ByteBuffer.wrap(lines.toByteArray());
      while (buffer.hasRemaining()) {
        end += file.write(buffer, end);
      }
      file.force(true);
      return new Delivered.Taken();
    } catch (IOException e) {
      return new Delivered.Later("the file cannot be written: " + e.getMessage());
    }
  }

  /// Returns where the last whole line ends: what comes after it was cut off by a crash, and its
  /// entry is sent again.
  private static long endOfLines(FileChannel file) throws IOException {
    long size = file.size();
    file.truncate(size - unfinished(file, size));
    return file.size();
  }

  private static long unfinished(FileChannel file, long size) throws IOException {
    var one = ByteBuffer.allocate(1);
    for (long back = 0; back < size; back++) {
      file.read(one.clear(), size - back - 1);
      if (one.get(0) == '\n') {
        return back;
      }
    }
    return size;
  }

  @Override
  public int atOnceMax() {
    return AT_ONCE_MAX;
  }

  @Override
  public boolean isInOrder() {
    return false;
  }

  @Override
  public void close() {}
}
