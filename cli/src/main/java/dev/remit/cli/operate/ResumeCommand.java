package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Ends a suspension.
@Command(
    name = "resume",
    header = "Ask to let go on what is suspended, or agree when somebody else has asked.",
    description = {
      "It takes two people: one asks with a reason, another one who may suspend the same agrees.",
      "Tokens from before the suspension stay dead; new ones can be had from then on.",
    })
public final class ResumeCommand extends ServerCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "identity, workflow, person (or owner), resource, model or credential.")
  private PartyKind kind = PartyKind.IDENTITY;

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name in the registry.")
  private String name = "";

  @ArgGroup(multiplicity = "1")
  private Word word = new Word();

  /// What is said: one of these.
  static final class Word {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Ask, and say why.")
    private String reason = "";

    @Option(names = "--agree", description = "Agree to what somebody else has asked for.")
    private boolean agree;

    @Option(names = "--decline", description = "Decline it.")
    private boolean decline;
  }

  public ResumeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    if (word.agree || word.decline) {
      answer(client);
    } else {
      ask(client);
    }
    return 0;
  }

  private void ask(RemitClient client) {
    var body = JsonMapper.shared().createObjectNode().put("reason", word.reason);
    var asked = client.post(kind.resuming(name), body);
    tell(
        asked,
        out -> {
          out.println(what() + " stays suspended until somebody else agrees");
          out.println("  until  " + asked.path("lapsesAt").asString(""));
          out.println("  next   remit resume " + kind.word() + " " + name + " --agree");
        });
  }

  private void answer(RemitClient client) {
    var asked = open(client);
    var path = "/v1/resumptions/" + Segment.of(asked.path("id").asString("")) + "/answer";
    var body = JsonMapper.shared().createObjectNode().put("agree", word.agree);
    var standing = client.post(path, body);
    tell(
        standing,
        out -> {
          out.println(
              what() + (word.agree ? " may act again, with new tokens" : " stays suspended"));
          out.println(
              "  asked by %s: %s"
                  .formatted(
                      asked.path("requestedBy").asString(""), asked.path("reason").asString("")));
        });
  }

  private JsonNode open(RemitClient client) {
    return client
        .get("/v1/standings")
        .path("suspended")
        .valueStream()
        .filter(one -> one.path("kind").asString("").equals(kind.said()))
        .filter(one -> one.path("name").asString("").equals(name))
        .map(one -> one.path("resumption"))
        .filter(JsonNode::isObject)
        .findFirst()
        .orElseThrow(() ->
            new CommandFailed(
                "nobody asks to resume " + what(),
                "`remit standing` lists what is suspended and what is asked for; ask with"
                    + " --reason"));
  }

  private String what() {
    return kind.word() + " " + name;
  }
}
