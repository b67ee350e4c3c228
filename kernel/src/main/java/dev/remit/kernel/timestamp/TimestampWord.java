package dev.remit.kernel.timestamp;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collection;

/// What a timestamp says about a checkpoint, as a sentence for whoever verifies.
public sealed interface TimestampWord {

  /// An authority that is trusted says so.
  record Proved(String sentence) implements TimestampWord {}

  /// Somebody says so; by what was given, nobody is known to stand behind it.
  record NotProved(String sentence) implements TimestampWord {}

  /// It does not say so.
  record Damaged(String sentence) implements TimestampWord {}

  /// Reads an authority's answer about `checkpoint`.
  ///
  /// @param reply a `TimeStampResp`
  /// @param authorities certificates that are trusted; may be none
  static TimestampWord of(
      byte[] reply, byte[] checkpoint, Collection<X509Certificate> authorities) {
    try {
      var timestamp = Timestamp.parse(reply);
      if (!timestamp.isOf(checkpoint)) {
        return new Damaged("the timestamp is not about the checkpoint beside it");
      }
      var size = new String(checkpoint, StandardCharsets.UTF_8).lines().skip(1).findFirst();
      var when =
          "the checkpoint of %s entries was there at %s"
              .formatted(size.orElse("?"), timestamp.at());
      return switch (timestamp.check(authorities)) {
        case TimestampCheck.Signed(var by) -> new Proved(when + ", says `" + by + "`");
        case TimestampCheck.Wrong(var why) -> new Damaged("the timestamp does not hold: " + why);
        case TimestampCheck.Unknown() ->
            authorities.isEmpty()
                ? new NotProved("that " + when + ", as a timestamp says; see --tsa-certificate")
                : new NotProved(
                    "that " + when + ": its timestamp names none of the certificates given");
      };
    } catch (IllegalArgumentException e) {
      return new Damaged("the timestamp cannot be read: " + e.getMessage());
    }
  }
}
