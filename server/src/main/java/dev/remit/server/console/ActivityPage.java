package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.server.http.Call;
import dev.remit.server.http.Flow;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// What is decided, as it happens: the newest decisions with a filter, and a stream of server-sent
/// events by which `console.js` adds to them. Without a script the page is complete when loaded.
final class ActivityPage {
  private static final String PATH = "/console/activity";
  private static final List<String> OUTCOMES = List.of("allow", "modify", "hold", "defer", "deny");
  private static final int SHOWN = 100;

  /// How many browsers may watch at one node; the next one is told to reload instead.
  private static final int WATCHERS_MAX = 200;

  /// After this the browser comes back by itself, and is asked again who it is.
  private static final Duration STREAM_FOR = Duration.ofSeconds(30);

  /// Keeps what lies between from taking the connection for dead.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  private final Frame frame;
  private final RecentRecords records;
  private final Tail tail;
  private final Semaphore seats = new Semaphore(WATCHERS_MAX);

  ActivityPage(Frame frame, RecentRecords records, Tail tail) {
    this.frame = frame;
    this.records = records;
    this.tail = tail;
  }

  /// Which lines are wanted; what is empty is not asked for.
  private record Filter(String workflow, String identity, String outcome) {
    static Filter of(Call call) {
      return new Filter(
          call.query("workflow").orElse("").strip(),
          call.query("identity").orElse("").strip(),
          call.query("outcome").filter(OUTCOMES::contains).orElse(""));
    }

    boolean admits(Line line) {
      return line.isDecision()
          && (workflow.isEmpty() || line.workflow().equals(workflow))
          && (identity.isEmpty()
              || Wording.last(line.identity()).equals(identity)
              || line.identity().equals(identity))
          && (outcome.isEmpty() || line.outcome().equals(outcome));
    }

    String query() {
      var asked = new TreeMap<>(Map.of("workflow", workflow, "identity", identity));
      asked.put("outcome", outcome);
      return asked.entrySet().stream()
          .filter(one -> !one.getValue().isEmpty())
          .map(one -> one.getKey() + "=" + Parts.encoded(one.getValue()))
          .collect(Collectors.joining("&"));
    }
  }

  Reply show(Visit visit) {
    var filter = Filter.of(visit.call());
    var recent = records.get(visit.now());
    var lines = recent.lines().stream().filter(filter::admits).limit(SHOWN).toList();
    var body = new ArrayList<Html>();
    body.add(form(filter));
    body.add(
        element("section")
            .with("class", "card")
            .with("id", "live")
            .with("data-stream", PATH + "/stream?" + filter.query())
            .holding(
                element("h2").saying("Decisions"),
                element("p")
                    .with("id", "live-state")
                    .with("class", "soft")
                    .with("role", "status")
                    .holding(
                        text(
                            "As of "
                                + Wording.moment(recent.at(), visit.now())
                                + " UTC, of "
                                + recent.scope(visit.now())
                                + ". "),
                        Parts.link(PATH + "?" + filter.query(), "Load again")),
                lines.isEmpty()
                    ? Parts.soft("None of these match.").with("id", "live-none")
                    : text(""),
                Lines.table("Decisions, newest first", lines, visit)));
    return frame.page(
        visit, Frame.Place.ACTIVITY, "Activity", "What was decided, newest first.", body);
  }

  private static Element form(Filter filter) {
    var outcomes = element("select").with("name", "outcome");
    outcomes = outcomes.holding(option("", "any", filter.outcome()));
    for (var word : OUTCOMES) {
      outcomes = outcomes.holding(option(word, word, filter.outcome()));
    }
    return element("form")
        .with("method", "get")
        .with("action", PATH)
        .with("class", "filter")
        .holding(
            Parts.field("Workflow", input("workflow", filter.workflow())),
            Parts.field("Identity", input("identity", filter.identity())),
            Parts.field("Answer", outcomes),
            element("button").with("type", "submit").with("class", "btn").saying("Show"));
  }

  static Element input(String name, String value) {
    return element("input").with("type", "text").with("name", name).with("value", value);
  }

  private static Element option(String value, String says, String chosen) {
    var option = element("option").with("value", value).saying(says);
    return value.equals(chosen) ? option.with("selected", "selected") : option;
  }

  /// Source: WHATWG HTML, section 9.2 (server-sent events).
  Flow stream(Visit visit) {
    var filter = Filter.of(visit.call());
    if (!seats.tryAcquire()) {
      throw new ProblemException(
          new Problem(
              503,
              "too-many-watchers",
              WATCHERS_MAX + " browsers watch already",
              "load the page again now and then"));
    }
    return new Flow(
        "text/event-stream",
        out -> {
          var place = tail.enter();
          try {
            write(out, filter, place);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            tail.leave();
            seats.release();
          }
        });
  }

  private void write(OutputStream out, Filter filter, Tail.Place from)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + STREAM_FOR.toNanos();
    out.write("retry: 1000\n\n".getBytes(UTF_8));
    out.flush();
    var place = from;
    while (System.nanoTime() < end) {
      var more = tail.after(place, SILENCE_MAX);
      place = more.place();
      var events = new StringBuilder();
      if (more.passed() > 0) {
        events.append("event: passed\ndata: ").append(more.passed()).append("\n\n");
      }
      more.lines().stream()
          .filter(filter::admits)
          .forEach(line -> events.append("data: ").append(line.toJson()).append("\n\n"));
      out.write((events.isEmpty() ? ":\n\n" : events.toString()).getBytes(UTF_8));
      out.flush();
      if (more.over()) {
        return;
      }
    }
  }
}
