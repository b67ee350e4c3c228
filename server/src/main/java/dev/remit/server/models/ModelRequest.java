package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What was asked of a model, whatever dialect it was asked in, without what was said.
///
/// @param model as it is declared
/// @param wireModel as the request names it
/// @param parameters what the request sets that makes a model answer otherwise, as text, by the
///   dialect's own names; of an object's members `reasoning.effort`
/// @param systemPrompt digest of everything that the system says in it, in canonical JSON; empty
///   where it says nothing
/// @param tools digest of the definition of each tool that the agent offers, by its name there
/// @param hostedTools tools that the provider would run itself, by type; and members of the request
///   that Remit does not know, as `member:NAME`
/// @param retains what of it wants the provider to keep something or to go on with what it kept, by
///   the member's name
/// @param outputMax the most tokens that may be written, where the request says so
/// @param choices how many answers are asked for, 1 or more
/// @param bytes length of the request, which no tokens in it can exceed
/// @param references pictures and files that it only points to
public record ModelRequest(
    Endpoint endpoint,
    ModelName model,
    String wireModel,
    ResourceName resource,
    boolean streams,
    Map<String, String> parameters,
    Optional<Digest> systemPrompt,
    Map<String, Digest> tools,
    Set<String> hostedTools,
    Set<String> retains,
    OptionalLong outputMax,
    long choices,
    long bytes,
    long references) {

  public ModelRequest {
    parameters = Map.copyOf(parameters);
    tools = Map.copyOf(tools);
    hostedTools = Set.copyOf(hostedTools);
    retains = Set.copyOf(retains);
  }
}
