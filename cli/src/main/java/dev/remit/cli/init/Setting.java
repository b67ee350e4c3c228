package dev.remit.cli.init;

/// The value of an environment variable or header, as it will be declared.
sealed interface Setting {

  /// What the server is started with.
  String value();

  record Plain(String value) implements Setting {}

  /// Goes into Remit's encrypted store; the manifest only names it.
  record Secret(String secret, String value) implements Setting {
    /// Never shows the value.
    @Override
    public String toString() {
      return "Secret[" + secret + "]";
    }
  }
}
