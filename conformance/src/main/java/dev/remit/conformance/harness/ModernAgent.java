package dev.remit.conformance.harness;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/// An agent that speaks MCP 2026-07-28 by hand: one POST a call, nothing kept between two.
///
/// @param server where Remit is
/// @param resource the resource's name
public record ModernAgent(URI server, String resource) {

  /// Calls a tool and returns whatever is answered.
  ///
  /// @param arguments a JSON object
  public HttpResponse<String> call(String token, String tool, String arguments) {
    return new Operator(server, token)
        .exchange(
            HttpRequest.newBuilder(server.resolve("/mcp/" + resource))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{
                        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                        "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
                        "io.modelcontextprotocol/clientCapabilities":{}},
                        "name":"%s","arguments":%s}}
                        """
                            .formatted(tool, arguments))));
  }
}
