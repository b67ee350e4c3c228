package dev.remit.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// One segment of a path, made of what a person typed.
public final class Segment {

  private Segment() {}

  public static String of(String typed) {
    return URLEncoder.encode(typed, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
