package dev.remit.cli.operate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// One segment of a path, made of what a person typed.
final class Segment {

  private Segment() {}

  static String of(String typed) {
    return URLEncoder.encode(typed, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
