package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.evaluations.Trial.Side;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Somebody else's results, to be judged here.
///
/// @param candidate what the results call it: with promptfoo the provider's label
/// @param baseline the same; empty if there is none
/// @param candidateModel the declared model whose fingerprint the verdicts are about
/// @param candidateFile with promptfoo the file of both
/// @param axes of which axis a plugin, probe or task is
public record ImportWish(
    Tool tool,
    String candidate,
    Optional<String> baseline,
    Optional<ModelName> candidateModel,
    Optional<ModelName> baselineModel,
    String candidateFile,
    Optional<String> baselineFile,
    Map<String, Axis> axes,
    double margin,
    double confidence,
    boolean labels,
    int sample) {
  public ImportWish {
    axes = Map.copyOf(axes);
  }

  /// Whose results can be read.
  public enum Tool {
    PROMPTFOO,
    GARAK,
    INSPECT
  }

  /// @throws UnreadableSuite if they are not whole
  Imported read() {
    return switch (tool) {
      case PROMPTFOO -> PromptfooResults.read(candidateFile, providers(), axes);
      case GARAK -> GarakReport.read(files(), axes);
      case INSPECT -> InspectLog.read(files(), axes);
    };
  }

  private Map<Side, String> providers() {
    var labels = new EnumMap<Side, String>(Side.class);
    labels.put(Side.CANDIDATE, candidate);
    baseline.ifPresent(label -> labels.put(Side.BASELINE, label));
    return labels;
  }

  private Map<Side, String> files() {
    if (baseline.isPresent() != baselineFile.isPresent()) {
      throw new UnreadableSuite("of a baseline both its name and its file are given");
    }
    var files = new EnumMap<Side, String>(Side.class);
    files.put(Side.CANDIDATE, candidateFile);
    baselineFile.ifPresent(file -> files.put(Side.BASELINE, file));
    return files;
  }
}
