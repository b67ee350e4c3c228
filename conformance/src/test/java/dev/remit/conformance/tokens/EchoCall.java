package dev.remit.conformance.tokens;

import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import java.net.http.HttpResponse;

/// One call of the tool `echo` behind the resource `fast`, as a modern client makes it.
final class EchoCall {
  private EchoCall() {}

  static HttpResponse<String> of(RemitProcess remit, String token) {
    return new ModernAgent(remit.address(), "fast").call(token, "echo", "{\"n\":1}");
  }
}
