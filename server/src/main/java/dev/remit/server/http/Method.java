package dev.remit.server.http;

/// The HTTP methods that operations use (RFC 9110, section 9).
public enum Method {
  GET,
  POST,
  PUT,
  DELETE
}
