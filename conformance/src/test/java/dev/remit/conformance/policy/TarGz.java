package dev.remit.conformance.policy;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// Reads a gzipped tar archive of small text files: the plain ustar layout, which is all that the
/// corpus uses.
final class TarGz {
  private static final int BLOCK = 512;

  private TarGz() {}

  /// Returns every regular file under its path, without directories and metadata entries.
  static Map<String, String> read(Path archive) throws IOException {
    var files = new TreeMap<String, String>();
    try (var in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16))) {
      var header = new byte[BLOCK];
      while (true) {
        in.readFully(header);
        if (header[0] == 0) {
          return files;
        }
        int size = Integer.parseInt(text(header, 124, 12), 8);
        var content = new byte[size];
        in.readFully(content);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (header[156] == '0' || header[156] == 0) {
          files.put(text(header, 0, 100), new String(content, StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static String text(byte[] header, int from, int length) {
    return new String(header, from, length, StandardCharsets.US_ASCII).replace("\0", " ").strip();
  }
}
