package dev.remit.server.credentials.aws;

/// The keys of one AWS principal. Prints as `[redacted]`.
///
/// @param sessionToken of temporary keys; empty for those of a user
public record AwsKeys(String accessKeyId, String secretAccessKey, String sessionToken) {

  @Override
  public String toString() {
    return "[redacted]";
  }
}
