package dev.remit.cli.connect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the era of sessions agreed on at `initialize`.
///
/// @param id the server's session id; servers without state give none
/// @param version the negotiated protocol version
/// @param opening the client's `initialize` message, to be repeated when the server has forgotten
record Session(Optional<String> id, String version, Message opening) {

  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    id.ifPresent(value -> headers.put("Mcp-Session-Id", value));
    headers.put("MCP-Protocol-Version", version);
    return headers;
  }
}
