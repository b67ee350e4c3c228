package dev.remit.server.gateway.wire;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Takes one member out of a message and leaves every other byte as it was.
public final class MemberCut {
  private MemberCut() {}

  /// Returns `message` without the member `name` of its `params`; the message itself if there is
  /// none.
  ///
  /// @param message a message that [MessageReader] has read: strict JSON, no key twice
  public static byte[] withoutParam(byte[] message, String name) {
    try (JsonParser in = JsonMapper.shared().createParser(message)) {
      in.nextToken();
      for (String key = in.nextName(); key != null; key = in.nextName()) {
        in.nextToken();
        if (key.equals("params")) {
          return cut(message, in, name);
        }
        in.skipChildren();
      }
      return message;
    }
  }

  private static byte[] cut(byte[] message, JsonParser params, String name) {
    for (var token = params.nextToken();
        token == JsonToken.PROPERTY_NAME;
        token = params.nextToken()) {
      int from = (int) params.currentTokenLocation().getByteOffset();
      boolean found = params.currentName().equals(name);
      params.nextToken();
      params.skipChildren();
      if (found) {
        params.finishToken();
        return without(message, from, (int) params.currentLocation().getByteOffset());
      }
    }
    return message;
  }

  /// The comma after the member goes with it; after the last member, the one before.
  private static byte[] without(byte[] message, int from, int to) {
    int after = to;
    while (isBlank(message[after])) {
      after++;
    }
    int begin = from;
    if (message[after] == ',') {
      after++;
    } else {
      while (isBlank(message[begin - 1])) {
        begin--;
      }
      begin -= message[begin - 1] == ',' ? 1 : 0;
    }
    byte[] left = Arrays.copyOf(message, begin + message.length - after);
    System.arraycopy(message, after, left, begin, message.length - after);
    return left;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
