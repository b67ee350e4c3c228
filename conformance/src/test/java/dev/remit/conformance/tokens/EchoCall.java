package dev.remit.conformance.tokens;

import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/// One call of the tool `echo` behind the resource `fast`, as a modern client makes it.
final class EchoCall {
  private EchoCall() {}

  static HttpResponse<String> of(RemitProcess remit, String token) {
    return new Operator(remit.address(), token)
        .exchange(
            HttpRequest.newBuilder(remit.address().resolve("/mcp/fast"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "echo")
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{
                        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                        "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
                        "io.modelcontextprotocol/clientCapabilities":{}},
                        "name":"echo","arguments":{"n":1}}}
                        """)));
  }
}
