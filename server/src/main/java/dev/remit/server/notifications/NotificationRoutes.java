package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.server.export.Delivered;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations by which people see how channels stand, and try one.
public final class NotificationRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Notifications notifications;

  public NotificationRoutes(Notifications notifications) {
    this.notifications = notifications;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/notifications",
            Access.people(Role.ADMIN, Role.AUDITOR, Role.SECURITY),
            "List the channels by which this node tells people: what goes there, what stands in"
                + " its way",
            this::list),
        new Operation(
            Method.POST,
            "/v1/notifications/{name}/test",
            Access.people(Role.ADMIN, Role.SECURITY),
            "Send a message by a channel that asks nothing, and say what became of it",
            this::test));
  }

  private Reply list(Call call) {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    notifications.list().forEach(one -> items.add(json(one)));
    return Reply.json(200, json);
  }

  private Reply test(Call call) {
    var name = call.param("name");
    return notifications
        .test(name, person(call), call.at())
        .map(delivered -> said(name, delivered))
        .orElseGet(() -> Reply.problem(Problem.notFound("channel `" + name + "` on this node")));
  }

  private static Reply said(String name, Delivered delivered) {
    return switch (delivered) {
      case Delivered.Taken() -> Reply.json(200, JSON.createObjectNode().put("taken", true));
      case Delivered.TakenInPart(var refused, var why) ->
          Reply.json(
              200,
              JSON.createObjectNode().put("taken", true).put("refused", refused).put("why", why));
      case Delivered.Refused(var why) -> refused(name, why);
      case Delivered.Failed(var why) -> refused(name, why);
      case Delivered.Later(_, var why) -> refused(name, why);
      case Delivered.Gone(var why) -> refused(name, why);
    };
  }

  private static Reply refused(String name, String why) {
    return Reply.problem(
        new Problem(
            502,
            "channel-refused",
            "channel `" + name + "` has not taken the message: " + why,
            "mend the channel or its section `notifications.channels` of the configuration"));
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to channels");
  }

  private static ObjectNode json(Notifications.Standing one) {
    var channel = one.channel();
    var progress = one.progress();
    var json =
        JSON.createObjectNode()
            .put("name", channel.name())
            .put("kind", channel.way().word())
            .put("to", channel.way().shown())
            .put("taken", one.taken())
            .put("behind", progress.lag())
            .put("held", progress.held())
            .put("setAside", progress.setAside())
            .put("gone", progress.isGone());
    progress.trouble().ifPresent(why -> json.put("trouble", why));
    progress.troubleSince().ifPresent(since -> json.put("since", since.toString()));
    channel.wants().about().stream().map(Word::word).sorted().forEach(json.putArray("about")::add);
    channel.wants().roles().stream().map(Word::word).sorted().forEach(json.putArray("roles")::add);
    channel.wants().workflows().stream().sorted().forEach(json.putArray("workflows")::add);
    return json;
  }
}
