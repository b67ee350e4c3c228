package dev.remit.server.signin;

/// Places on this server to which people are sent after they have signed in.
final class Places {
  static final String HOME = "/sign-in";
  private static final int CHARS_MAX = 6_000;

  private Places() {}

  /// Returns `asked` if it is a place on this server, and else where people begin: what stands
  /// behind our own address cannot lead away from it.
  static String next(String asked) {
    boolean ours =
        asked.startsWith("/")
            && !asked.startsWith("//")
            && asked.length() <= CHARS_MAX
            && asked.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
    return ours ? asked : HOME;
  }
}
