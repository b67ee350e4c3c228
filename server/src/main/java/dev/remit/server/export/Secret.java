package dev.remit.server.export;

/// What a destination is convinced with. Printed as nothing.
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "…";
  }
}
