package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.remit.kernel.identity.SecretKind;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// Well-known forms of credentials. Each begins with a fixed word and is then checked by its
/// structure: its alphabet and length, its checksum where it has one, else its entropy.
///
/// Sources: the issuers' documentation; the checksum of GitHub's and npm's tokens (CRC-32 of the
/// random part in base 62) from «Behind GitHub's new authentication token formats» (2021).
final class Formats {
  static final int LENGTH_MAX = 16 * 1024;
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /// Checks what follows a prefix.
  @FunctionalInterface
  interface Rest {
    /// Returns the end of the credential whose first byte after the prefix is at `from`, or -1.
    int end(byte[] text, int from, int to);
  }

  /// One form.
  ///
  /// @param keepsPrefix whether the prefix is no part of the secret
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  record Format(SecretKind kind, String what, byte[] prefix, boolean keepsPrefix, Rest rest) {

    boolean begins(byte[] text, int at, int to) {
      if (to - at < prefix.length) {
        return false;
      }
      for (int i = 1; i < prefix.length; i++) {
        if (text[at + i] != prefix[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static final Format[][] BY_FIRST = byFirst(all());

  private Formats() {}

  /// The forms that may begin with `first`; mostly none.
  static Format[] beginningWith(byte first) {
    return first < 0 ? BY_FIRST[0] : BY_FIRST[first];
  }

  private static List<Format> all() {
    var all = new ArrayList<Format>();
    all.add(of(SecretKind.CANARY, "canary", CanaryToken.PREFIX, CanaryToken::end));
    for (var prefix : List.of("AKIA", "ASIA")) {
      all.add(of(SecretKind.CLOUD_KEY, "aws-access-key", prefix, Formats::awsKey));
    }
    for (var name : List.of("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "SecretAccessKey")) {
      all.add(named(SecretKind.CLOUD_KEY, "aws-secret-key", name, Formats::awsSecret));
    }
    all.add(of(SecretKind.CLOUD_KEY, "google-api-key", "AIza", exactly(35, Alphabet.URL64, 3.5)));
    all.add(named(SecretKind.CLOUD_KEY, "azure-account-key", "AccountKey=", Formats::azure));
    for (var prefix : List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_")) {
      all.add(of(SecretKind.FORGE_TOKEN, "github-token", prefix, Formats::checksummed));
    }
    all.add(of(SecretKind.FORGE_TOKEN, "github-token", "github_pat_", Formats::githubPat));
    all.add(of(SecretKind.FORGE_TOKEN, "npm-token", "npm_", Formats::checksummed));
    all.add(
        of(
            SecretKind.FORGE_TOKEN,
            "gitlab-token",
            "glpat-",
            between(20, 300, Alphabet.TOKEN, 3.3)));
    all.add(
        of(
            SecretKind.FORGE_TOKEN,
            "pypi-token",
            "pypi-AgEIcHlwaS5vcmc",
            between(50, 400, Alphabet.URL64, 3.5)));
    all.add(
        of(SecretKind.MODEL_KEY, "anthropic-key", "sk-ant-", between(60, 200, Alphabet.URL64, 4)));
    all.add(of(SecretKind.MODEL_KEY, "openai-key", "sk-", Formats::openAi));
    all.add(of(SecretKind.MODEL_KEY, "huggingface-token", "hf_", exactly(34, Alphabet.BASE62, 4)));
    for (var prefix : List.of("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-")) {
      all.add(of(SecretKind.SERVICE_TOKEN, "slack-token", prefix, Formats::slack));
    }
    for (var prefix : List.of("sk_live_", "rk_live_")) {
      all.add(
          of(
              SecretKind.SERVICE_TOKEN,
              "stripe-key",
              prefix,
              between(24, 250, Alphabet.BASE62, 3.5)));
    }
    all.add(of(SecretKind.SERVICE_TOKEN, "sendgrid-key", "SG.", Formats::sendGrid));
    all.add(
        of(
            SecretKind.SERVICE_TOKEN,
            "digitalocean-token",
            "dop_v1_",
            exactly(64, Alphabet.HEX, 3)));
    all.add(of(SecretKind.SERVICE_TOKEN, "remit-token", "rop_", exactly(43, Alphabet.URL64, 4)));
    all.add(of(SecretKind.PRIVATE_KEY, "pem", "-----BEGIN ", PrivateKeys::end));
    all.add(of(SecretKind.JWT, "jwt", "eyJ", Jwts::end));
    for (var word : List.of("Bearer ", "bearer ", "BEARER ")) {
      all.add(named(SecretKind.AUTHORIZATION, "bearer", word, Formats::bearer));
    }
    for (var word : List.of("Basic ", "basic ", "BASIC ")) {
      all.add(named(SecretKind.AUTHORIZATION, "basic", word, Jwts::basic));
    }
    return all;
  }

  private static Format of(SecretKind kind, String what, String prefix, Rest rest) {
    return new Format(kind, what, prefix.getBytes(US_ASCII), false, rest);
  }

  private static Format named(SecretKind kind, String what, String prefix, Rest rest) {
    return new Format(kind, what, prefix.getBytes(US_ASCII), true, rest);
  }

  private static Format[][] byFirst(List<Format> all) {
    var table = new Format[128][];
    for (int first = 0; first < table.length; first++) {
      int wanted = first;
      table[first] = all.stream().filter(f -> f.prefix()[0] == wanted).toArray(Format[]::new);
    }
    return table;
  }

  private static Rest exactly(int length, Alphabet alphabet, double bitsMin) {
    return between(length, length, alphabet, bitsMin);
  }

  private static Rest between(int min, int max, Alphabet alphabet, double bitsMin) {
    return (text, from, to) -> {
      int end = alphabet.run(text, from, to, max + 1);
      boolean fits = end - from >= min && end - from <= max && bits(text, from, end) >= bitsMin;
      return fits ? end : -1;
    };
  }

  /// Keys of documentation end in `EXAMPLE`.
  private static int awsKey(byte[] text, int from, int to) {
    int end = Alphabet.BASE32.run(text, from, to, 17);
    boolean ended = end == to || !Alphabet.WORD.has(text[end]);
    return end - from == 16 && ended && !endsWith(text, end, "EXAMPLE") ? end : -1;
  }

  private static int awsSecret(byte[] text, int from, int to) {
    int start = from;
    while (start < to && start - from < 8 && " \t\"'=:".indexOf(text[start]) >= 0) {
      start++;
    }
    int end = Alphabet.BASE64.run(text, start, to, 41);
    boolean fits = start > from && end - start == 40 && !endsWith(text, end, "EXAMPLEKEY");
    return fits && bits(text, start, end) >= 4 ? end : -1;
  }

  private static int azure(byte[] text, int from, int to) {
    int end = Alphabet.BASE64.run(text, from, to, 87);
    boolean fits = end - from == 86 && to - end >= 2 && text[end] == '=' && text[end + 1] == '=';
    return fits && bits(text, from, end) >= 4 ? end + 2 : -1;
  }

  private static int checksummed(byte[] text, int from, int to) {
    int end = Alphabet.BASE62.run(text, from, to, 37);
    if (end - from != 36) {
      return -1;
    }
    var crc = new CRC32();
    crc.update(text, from, 30);
    long rest = crc.getValue();
    for (int i = 35; i >= 30; i--) {
      if (text[from + i] != BASE62.charAt((int) (rest % 62))) {
        return -1;
      }
      rest /= 62;
    }
    return end;
  }

  private static int githubPat(byte[] text, int from, int to) {
    int end = Alphabet.WORD.run(text, from, to, 83);
    boolean fits = end - from == 82 && text[from + 22] == '_';
    return fits && bits(text, from, end) >= 4 ? end : -1;
  }

  /// Whatever its age, it has `OpenAI` in base64 in its middle.
  private static int openAi(byte[] text, int from, int to) {
    int end = Alphabet.URL64.run(text, from, to, 300);
    if (end - from < 40) {
      return -1;
    }
    return new String(text, from, end - from, US_ASCII).contains("T3BlbkFJ") ? end : -1;
  }

  private static int slack(byte[] text, int from, int to) {
    int end = Alphabet.URL64.run(text, from, to, 256);
    boolean hasDigit = false;
    for (int i = from; i < end; i++) {
      hasDigit |= Alphabet.DIGITS.has(text[i]);
    }
    return end - from >= 20 && hasDigit && bits(text, from, end) >= 3 ? end : -1;
  }

  private static int sendGrid(byte[] text, int from, int to) {
    int dot = Alphabet.URL64.run(text, from, to, 23);
    if (dot - from != 22 || dot == to || text[dot] != '.') {
      return -1;
    }
    int end = Alphabet.URL64.run(text, dot + 1, to, 44);
    return end - dot - 1 == 43 ? end : -1;
  }

  /// Long, with a digit, and not a word of prose.
  private static int bearer(byte[] text, int from, int to) {
    int end = Alphabet.TOKEN.run(text, from, to, LENGTH_MAX);
    boolean hasDigit = false;
    for (int i = from; i < end; i++) {
      hasDigit |= Alphabet.DIGITS.has(text[i]);
    }
    return end - from >= 20 && hasDigit && bits(text, from, end) >= 3.5 ? end : -1;
  }

  private static boolean endsWith(byte[] text, int end, String tail) {
    int from = end - tail.length();
    return from >= 0 && new String(text, from, tail.length(), US_ASCII).equals(tail);
  }

  /// How many bits each character of a text tells, by how often each stands in it.
  static double bits(byte[] text, int from, int end) {
    var times = new int[128];
    int n = end - from;
    for (int i = from; i < end; i++) {
      times[text[i] & 127]++;
    }
    double bits = 0;
    for (int count : times) {
      if (count > 0) {
        double share = (double) count / n;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return bits;
  }
}
