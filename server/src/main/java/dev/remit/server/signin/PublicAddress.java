package dev.remit.server.signin;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Tells addresses of the Internet from those of some network of one's own.
///
/// Source: the IANA registries of special-purpose addresses (RFC 6890), those that are not globally
/// reachable. IPv6 addresses that carry an IPv4 one are as public as that.
final class PublicAddress {
  private PublicAddress() {}

  static boolean is(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    var bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    int third = bytes[2] & 0xff;
    return !(first == 0
        || first >= 240
        || (first == 100 && second >= 64 && second < 128)
        || (first == 192 && second == 0 && (third == 0 || third == 2))
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (second == 18 || second == 19))
        || (first == 198 && second == 51 && third == 100)
        || (first == 203 && second == 0 && third == 113));
  }

  private static boolean isPublic6(byte[] bytes) {
    // Global unicast is 2000::/3; NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address.
    if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return carried(bytes, 12);
    }
    if (startsWith(bytes, 0x20, 0x02)) {
      return carried(bytes, 2);
    }
    return (bytes[0] & 0xe0) == 0x20
        && !startsWith(bytes, 0x20, 0x01, 0x0d, 0xb8)
        && !startsWith(bytes, 0x20, 0x01, 0x00)
        && !startsWith(bytes, 0x20, 0x01, 0x01)
        && !startsWith(bytes, 0x3f, 0xff);
  }

  private static boolean carried(byte[] bytes, int from) {
    try {
      return is(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an IPv4 address", e);
    }
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
