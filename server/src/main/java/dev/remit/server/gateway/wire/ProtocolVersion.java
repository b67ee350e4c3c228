package dev.remit.server.gateway.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The revisions of the protocol that the gateway can govern.
public enum ProtocolVersion {
  V2024_11_05("2024-11-05", Era.LEGACY),
  V2025_03_26("2025-03-26", Era.LEGACY),
  V2025_06_18("2025-06-18", Era.LEGACY),
  V2025_11_25("2025-11-25", Era.LEGACY),
  V2026_07_28("2026-07-28", Era.MODERN);

  private final String wire;
  private final Era era;

  ProtocolVersion(String wire, Era era) {
    this.wire = wire;
    this.era = era;
  }

  public static Optional<ProtocolVersion> of(String wire) {
    return Arrays.stream(values()).filter(version -> version.wire.equals(wire)).findFirst();
  }

  /// What a client is offered whose version we do not know: the revisions that it may name in its
  /// next request. Not the legacy ones, since a client that is offered a version must not fall back
  /// to `initialize`, and one that begins with `initialize` is never asked.
  ///
  /// Source: MCP 2026-07-28, `basic/transports/stdio`, on `UnsupportedProtocolVersionError`.
  public static List<String> supported() {
    return List.of(V2026_07_28.wire);
  }

  public Era era() {
    return era;
  }

  @Override
  public String toString() {
    return wire;
  }
}
