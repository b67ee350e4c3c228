package dev.remit.server.credentials;

import java.io.Serial;

/// What is needed to present a credential cannot be had now. The message says why and shows nothing
/// confidential; nothing was sent with the credential by then.
public final class SecretUnavailable extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public SecretUnavailable(String why) {
    super(why);
  }
}
