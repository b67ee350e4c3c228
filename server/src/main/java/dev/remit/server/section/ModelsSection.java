package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Bounds of one question to a model.
public record ModelsSection(
    @Setting(
            value = "8MiB",
            says = "longest request to a model; its prompt is kept, so 16MiB at most")
        ByteSize requestMax,
    @Setting(value = "16MiB", says = "longest answer of a model that comes as a whole")
        ByteSize answerMax,
    @Setting(value = "4MiB", says = "longest single event of a streamed answer") ByteSize eventMax,
    @Setting(value = "256MiB", says = "longest streamed answer altogether") ByteSize streamMax,
    @Setting(
            value = "1MiB",
            says = "longest that proposed calls may be that are held back until they are complete")
        ByteSize withheldMax,
    @Setting(value = "128", says = "deepest nesting of a request to a model") int depthMax,
    @Setting(value = "512", says = "tools that one request may offer to a model") int toolsMax,
    @Setting(value = "128", says = "calls that one streamed answer may propose") int proposalsMax,
    @Setting(
            value = "32768",
            says =
                "tokens that a question is taken to have written at most, where neither it nor its"
                    + " model says")
        int outputTokensMax,
    @Setting(value = "2m", says = "longest silence of a provider of models") Duration answerWithin,
    @Setting(value = "15m", says = "longest that one streamed answer may take")
        Duration wholeWithin,
    @Setting(
            value = "15s",
            says = "longest that a held question waits for a person before it is told to come back")
        Duration holdFor) {
  public ModelsSection {
    between("requestMax", requestMax.asInt(), 1_024, 16 * 1024 * 1024);
    between("depthMax", depthMax, 4, 1_000);
    between("toolsMax", toolsMax, 1, 100_000);
    between("proposalsMax", proposalsMax, 1, 10_000);
    between("outputTokensMax", outputTokensMax, 1, 1_000_000_000);
    between("answerWithin", answerWithin, Duration.ofSeconds(1), Duration.ofHours(1));
    between("wholeWithin", wholeWithin, Duration.ofSeconds(1), Duration.ofHours(24));
    between("holdFor", holdFor, Duration.ZERO, Duration.ofHours(1));
  }
}
