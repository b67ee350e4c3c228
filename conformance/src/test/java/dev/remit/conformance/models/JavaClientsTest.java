package dev.remit.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's official Java client and LangChain4j, unmodified, at the model gateway.
@Tag("R220")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientsTest {
  private static final String MODEL = "clerk-1";
  private static final String TWO = "call add {\"a\":2,\"b\":3} and lookup {\"word\":\"remit\"}";
  private static final String TOLD = "The tools said: 5; remit: an area of activity";

  private ModelTrial trial;

  @BeforeAll
  void start(@TempDir Path folder) {
    trial = new ModelTrial(folder);
  }

  @AfterAll
  void stop() {
    trial.close();
  }

  @Test
  void the_java_client_of_openai_asks_and_streams() {
    var client = client(trial.token());

    var whole = client.chat().completions().create(asking("hello").build());
    var accumulated = streamed(client, asking("one two three").build());
    var response =
        client
            .responses()
            .create(ResponseCreateParams.builder().model(MODEL).input("hello").build());
    var embedding =
        client
            .embeddings()
            .create(EmbeddingCreateParams.builder().model(MODEL).input("a text").build());

    assertThat(text(whole)).isEqualTo("You said: hello");
    assertThat(whole.usage().orElseThrow().totalTokens()).isEqualTo(29);
    assertThat(text(accumulated)).isEqualTo("You said: one two three");
    assertThat(response.output().getFirst().asMessage().content().getFirst().asOutputText().text())
        .isEqualTo("You said: hello");
    assertThat(embedding.data().getFirst().embedding()).containsExactly(0.25f, -0.5f, 1f);
    client.close();
  }

  @Test
  void the_java_client_of_openai_carries_out_parallel_calls_whole_and_streamed() {
    var client = client(trial.token());
    var asked = asking(TWO).addTool(tool("add")).addTool(tool("lookup")).build();

    var whole = client.chat().completions().create(asked);
    var streamed = streamed(client, asked);

    for (var first : List.of(whole, streamed)) {
      assertThat(calls(first))
          .extracting(call -> call.asFunction().function().name())
          .containsExactly("add", "lookup");
      var next = asked.toBuilder().addMessage(first.choices().getFirst().message());
      for (var call : calls(first)) {
        var function = call.asFunction();
        next.addMessage(
            ChatCompletionToolMessageParam.builder()
                .toolCallId(function.id())
                .content(
                    function.function().name().equals("add") ? "5" : "remit: an area of activity")
                .build());
      }
      assertThat(text(client.chat().completions().create(next.build()))).isEqualTo(TOLD);
    }
    client.close();
  }

  @Test
  void the_java_client_of_openai_is_told_of_refusals_in_its_own_exceptions() {
    var client = client(trial.token());
    var narrowed = client(trial.withoutModels());
    var nobody = client("none");

    var denied =
        catchThrowableOfType(
            PermissionDeniedException.class,
            () -> client.chat().completions().create(asking("x").model("other-1").build()));
    var outside =
        catchThrowableOfType(
            PermissionDeniedException.class, () -> streamed(narrowed, asking("hello").build()));
    var unknown =
        catchThrowableOfType(
            UnauthorizedException.class,
            () -> nobody.chat().completions().create(asking("hello").build()));

    assertThat(denied.getMessage())
        .contains("no grant lets this identity ask model `other`")
        .contains("Next: have a grant on its resource name it under `models`");
    assertThat(outside.getMessage())
        .contains("the task's scope does not cover model `clerk`")
        .contains("Next: start a task whose scope does");
    assertThat(unknown.getMessage()).contains("obtain a task token");
    List.of(client, narrowed, nobody).forEach(OpenAIClient::close);
  }

  /// What an assistant is to LangChain4j.
  interface Assistant {
    String answer(String question);

    TokenStream streamed(String question);
  }

  /// What the assistant's tools do.
  public static final class Desk {
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Tool("adds two numbers")
    String add(@P("a number") int a, @P("another") int b) {
      ran.add("add");
      return Integer.toString(a + b);
    }

    @Tool("looks a word up")
    String lookup(@P("the word") String word) {
      ran.add("lookup");
      return word + ": an area of activity";
    }
  }

  @Test
  void an_assistant_of_langchain4j_carries_out_what_its_model_proposes_whole_and_streamed()
      throws Exception {
    var token = trial.token();
    var desk = new Desk();
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(chat(token, MODEL))
            .streamingChatModel(
                OpenAiStreamingChatModel.builder()
                    .baseUrl(trial.openai().toString())
                    .apiKey(token)
                    .modelName(MODEL)
                    .build())
            .tools(desk)
            .build();
    var ended = new CompletableFuture<ChatResponse>();
    var pieces = new ArrayList<String>();

    var plain = assistant.answer("hello");
    var whole = assistant.answer(TWO);
    assistant
        .streamed(TWO)
        .onPartialResponse(pieces::add)
        .onCompleteResponse(ended::complete)
        .onError(ended::completeExceptionally)
        .start();
    var streamed = ended.get(20, TimeUnit.SECONDS);

    assertThat(plain).isEqualTo("You said: hello");
    assertThat(whole).isEqualTo(TOLD);
    assertThat(streamed.aiMessage().text()).isEqualTo(TOLD);
    assertThat(String.join("", pieces)).endsWith(TOLD);
    assertThat(desk.ran).containsExactly("add", "lookup", "add", "lookup");
  }

  @Test
  void an_assistant_of_langchain4j_is_told_why_its_model_is_not_asked() {
    var other = chat(trial.token(), "other-1");

    var denied = catchThrowableOfType(AuthenticationException.class, () -> other.chat("hello"));

    assertThat(denied.getMessage())
        .contains("no grant lets this identity ask model `other`")
        .contains("Next: have a grant on its resource name it under `models`");
  }

  private OpenAiChatModel chat(String token, String model) {
    return OpenAiChatModel.builder()
        .baseUrl(trial.openai().toString())
        .apiKey(token)
        .modelName(model)
        .maxRetries(0)
        .build();
  }

  private OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(trial.openai().toString())
        .apiKey(token)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder asking(String text) {
    return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(text);
  }

  private static ChatCompletion streamed(OpenAIClient client, ChatCompletionCreateParams asked) {
    var accumulator = ChatCompletionAccumulator.create();
    try (var stream = client.chat().completions().createStreaming(asked)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static ChatCompletionFunctionTool tool(String name) {
    var properties =
        name.equals("add")
            ? Map.of("a", Map.of("type", "integer"), "b", Map.of("type", "integer"))
            : Map.of("word", Map.of("type", "string"));
    return ChatCompletionFunctionTool.builder()
        .function(
            FunctionDefinition.builder()
                .name(name)
                .parameters(
                    FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(properties))
                        .build())
                .build())
        .build();
  }

  private static String text(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElse("");
  }

  private static List<ChatCompletionMessageToolCall> calls(ChatCompletion completion) {
    return completion.choices().getFirst().message().toolCalls().orElse(List.of());
  }
}
