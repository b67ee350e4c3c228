package dev.remit.server.models;

import java.util.List;
import java.util.Set;

/// The members of a request that Remit knows, by endpoint. Whatever else a request has could have
/// the provider do something by itself, so it counts as a hosted tool until somebody reads about it
/// and adds it here.
///
/// Source: openai-node 7 (`ChatCompletionCreateParamsBase`, `ResponseCreateParamsBase`) and
/// anthropic-sdk-typescript 1.12 (`MessageCreateParamsBase`, beta included), November 2026.
final class Members {
  private static final Set<String> CHAT =
      Set.of(
          "messages",
          "model",
          "audio",
          "frequency_penalty",
          "function_call",
          "functions",
          "logit_bias",
          "logprobs",
          "max_completion_tokens",
          "max_tokens",
          "metadata",
          "modalities",
          "moderation",
          "n",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention",
          "reasoning_effort",
          "response_format",
          "safety_identifier",
          "seed",
          "service_tier",
          "stop",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "user",
          "verbosity",
          "web_search_options");

  private static final Set<String> RESPONSES =
      Set.of(
          "background",
          "context_management",
          "conversation",
          "include",
          "input",
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "metadata",
          "model",
          "moderation",
          "parallel_tool_calls",
          "previous_response_id",
          "prompt",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention",
          "reasoning",
          "safety_identifier",
          "service_tier",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "text",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "truncation",
          "user");

  private static final Set<String> EMBEDDINGS =
      Set.of("input", "model", "dimensions", "encoding_format", "user");

  /// Not here: `fallbacks`, by which the provider would ask another model, and `compaction`, by
  /// which it would write a conversation anew.
  private static final Set<String> MESSAGES =
      Set.of(
          "max_tokens",
          "messages",
          "model",
          "cache_control",
          "container",
          "context_management",
          "diagnostics",
          "inference_geo",
          "mcp_servers",
          "metadata",
          "output_config",
          "output_format",
          "service_tier",
          "speed",
          "stop_sequences",
          "stream",
          "system",
          "temperature",
          "thinking",
          "thread",
          "tool_choice",
          "tools",
          "top_k",
          "top_p",
          "user_profile_id");

  /// What makes a model answer otherwise, and is part of the fingerprint of a question.
  static final Set<String> PARAMETERS =
      Set.of(
          "temperature",
          "top_p",
          "top_k",
          "seed",
          "n",
          "frequency_penalty",
          "presence_penalty",
          "reasoning_effort",
          "reasoning",
          "thinking",
          "verbosity",
          "text",
          "output_config",
          "response_format",
          "output_format",
          "service_tier",
          "speed",
          "tool_choice",
          "parallel_tool_calls",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "truncation",
          "inference_geo",
          "dimensions",
          "encoding_format",
          "modalities",
          "prompt_cache_retention");

  private Members() {}

  static Set<String> known(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT -> CHAT;
      case RESPONSES -> RESPONSES;
      case EMBEDDINGS -> EMBEDDINGS;
      case MESSAGES, COUNT_TOKENS -> MESSAGES;
    };
  }

  /// The members that say how much may be written; the last is the one that is added where none is.
  static List<String> limits(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT -> List.of("max_tokens", "max_completion_tokens");
      case RESPONSES -> List.of("max_output_tokens");
      case MESSAGES -> List.of("max_tokens");
      case EMBEDDINGS, COUNT_TOKENS -> List.of();
    };
  }
}
