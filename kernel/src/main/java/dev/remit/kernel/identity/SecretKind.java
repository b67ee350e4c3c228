package dev.remit.kernel.identity;

/// What sort of secret something is. The words are those of `context.secrets.kinds`.
public enum SecretKind implements Word {
  /// A planted one: nobody has a reason to carry it anywhere.
  CANARY,
  /// One that Remit keeps, recognised as it is.
  STORED,
  /// AWS, Google Cloud, Azure.
  CLOUD_KEY,
  /// GitHub, GitLab, npm, PyPI.
  FORGE_TOKEN,
  /// OpenAI, Anthropic, Hugging Face.
  MODEL_KEY,
  /// Slack, Stripe, SendGrid, DigitalOcean, and what people show to Remit.
  SERVICE_TOKEN,
  /// PEM.
  PRIVATE_KEY,
  JWT,
  /// An address with a password in it.
  CONNECTION_STRING,
  /// What follows `Bearer` or `Basic`.
  AUTHORIZATION;

  /// Whether a hit cannot be chance: compared as a whole with what is known.
  public boolean isCertain() {
    return this == CANARY || this == STORED;
  }
}
