package dev.remit.server.models;

import java.net.URI;
import java.time.Duration;

/// The limits of questions to models.
///
/// @param publicUrl under which agents know this server
/// @param requestBytesMax the longest request
/// @param answerBytesMax the longest answer that comes as a whole
/// @param eventBytesMax the longest single event of a stream
/// @param streamBytesMax the longest stream altogether
/// @param withheldBytesMax the longest proposed call that is held back until it is complete
/// @param depthMax how deep JSON may nest
/// @param toolsMax tools that one request may offer
/// @param proposalsMax calls that one answer may propose
/// @param outputTokensMax what a model that says nothing else is taken to write at most
/// @param answerWithin how long a provider may be silent
/// @param wholeWithin how long one question may take altogether
/// @param holdFor how long a held question waits for a person before it is answered
public record ModelsConfig(
    URI publicUrl,
    int requestBytesMax,
    int answerBytesMax,
    int eventBytesMax,
    long streamBytesMax,
    int withheldBytesMax,
    int depthMax,
    int toolsMax,
    int proposalsMax,
    long outputTokensMax,
    Duration answerWithin,
    Duration wholeWithin,
    Duration holdFor) {

  public static ModelsConfig defaults(URI publicUrl) {
    return new ModelsConfig(
        publicUrl,
        8 * 1024 * 1024,
        16 * 1024 * 1024,
        4 * 1024 * 1024,
        256L * 1024 * 1024,
        1024 * 1024,
        128,
        512,
        128,
        32_768,
        Duration.ofMinutes(2),
        Duration.ofMinutes(15),
        Duration.ofSeconds(15));
  }
}
