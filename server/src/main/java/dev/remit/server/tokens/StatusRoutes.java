package dev.remit.server.tokens;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.List;

/// The status lists over HTTP.
final class StatusRoutes {
  private final StatusLists lists;

  StatusRoutes(StatusLists lists) {
    this.lists = lists;
  }

  List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            StatusPlace.PATH + "{page}",
            new Access.Open(),
            "Return which task tokens do not hold any more (Token Status List)",
            this::page));
  }

  private Reply page(Call call) {
    return switch (lists.page(call.param("page"), call.at())) {
      case StatusLists.Answer.Listed(var jwt, var ttl) ->
          Reply.text(200, StatusLists.MEDIA_TYPE, jwt)
              .with("Cache-Control", "public, max-age=" + ttl.toSeconds())
              .with("Access-Control-Allow-Origin", "*");
      case StatusLists.Answer.Unknown() ->
          Reply.problem(
              new Problem(
                  404,
                  "not-found",
                  "there is no such status list",
                  "look at the token's `exp`: a list is gone once all its tokens have expired"));
      case StatusLists.Answer.Stale() ->
          Reply.problem(
              new Problem(
                  503,
                  "feed-stale",
                  "this node has not heard of suspensions lately and says nothing of tokens",
                  "try again, or ask another node"));
    };
  }
}
