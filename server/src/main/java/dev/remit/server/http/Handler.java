package dev.remit.server.http;

/// What one operation does with one call. Runs on its own virtual thread and may block.
///
/// Refusals are replies. An exception is a broken world or a bug: [Edge] says it in HTTP.
@FunctionalInterface
public interface Handler {
  Reply handle(Call call);
}
