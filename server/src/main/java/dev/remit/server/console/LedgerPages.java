package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.StoredLog;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The ledger, record by record, and one record with what was kept beside it and its proof.
final class LedgerPages {
  private static final String PATH = "/console/ledger";
  private static final int SHOWN = 50;
  private static final int BODY_CHARS_MAX = 20_000;

  /// Who may open content, as with an evidence bundle.
  private static final Set<Role> MAY_OPEN = EnumSet.of(Role.AUDITOR, Role.SECURITY);

  private final Sources sources;
  private final Frame frame;
  private final RecentRecords records;

  LedgerPages(Sources sources, Frame frame, RecentRecords records) {
    this.sources = sources;
    this.frame = frame;
    this.records = records;
  }

  Reply list(Visit visit) {
    var call = visit.call();
    var id = call.query("id").orElse("").strip();
    var found = id.isEmpty() ? Optional.<LedgerReader>empty() : sources.logs().holding(id);
    if (found.isPresent()) {
      var entry = found.get().entry(id).orElseThrow();
      return Visit.seeOther(Parts.record(node(found.get()), entry.index()));
    }
    var logs = sources.logs().all();
    var asked = call.query("log").orElse("");
    var log =
        logs.stream()
            .filter(one -> asked.isEmpty() ? !one.isRoot() : one.node().equals(asked))
            .findFirst()
            .orElseThrow(() -> new ProblemException(Problem.notFound("log `" + asked + "`")));
    var type = call.query("type").filter(word -> !word.isEmpty()).flatMap(LedgerPages::type);
    var body = new ArrayList<Html>();
    body.add(form(logs, log, type));
    if (!id.isEmpty()) {
      body.add(Parts.notice("Nothing is recorded under the id " + id + "."));
    }
    body.add(type.isPresent() ? ofType(visit, log, type.get()) : page(visit, log));
    return frame.page(
        visit,
        Frame.Place.LEDGER,
        "Ledger",
        log.origin()
            + ": "
            + Wording.count(log.size(), "record")
            + ", each provable against the signed checkpoint over all of them.",
        body);
  }

  /// The origin in its receipts is that of one log.
  private String node(LedgerReader reader) {
    var origin = reader.receipt(0).origin();
    return sources.logs().all().stream()
        .filter(log -> log.origin().equals(origin))
        .map(StoredLog::node)
        .findFirst()
        .orElseThrow();
  }

  private static Optional<EntryType> type(String word) {
    try {
      return Optional.of(EntryType.parse(word));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Element form(List<StoredLog> logs, StoredLog log, Optional<EntryType> type) {
    var choices = element("select").with("name", "log");
    for (var one : logs) {
      choices = choices.holding(option(one.node(), one.node(), log.node()));
    }
    var types = element("select").with("name", "type").holding(option("", "any", ""));
    for (var one :
        java.util.Arrays.stream(EntryType.values())
            .sorted(Comparator.comparing(EntryType::word))
            .toList()) {
      types = types.holding(option(one.word(), one.word(), type.map(EntryType::word).orElse("")));
    }
    return element("form")
        .with("method", "get")
        .with("action", PATH)
        .with("class", "filter")
        .holding(
            Parts.field("Log", choices),
            Parts.field("What", types),
            Parts.field("Or a record by its id", ActivityPage.input("id", "")),
            element("button").with("type", "submit").with("class", "btn").saying("Show"));
  }

  private static Element option(String value, String says, String chosen) {
    var option = element("option").with("value", value).saying(says);
    return value.equals(chosen) ? option.with("selected", "selected") : option;
  }

  private Element ofType(Visit visit, StoredLog log, EntryType type) {
    var recent = records.get(visit.now());
    var lines =
        recent.lines().stream()
            .filter(line -> line.type() == type && line.log().equals(log.node()))
            .limit(SHOWN)
            .toList();
    return Parts.card(
        "Records of what is " + type.word(),
        Parts.soft("The newest " + lines.size() + " in " + recent.scope(visit.now()) + "."),
        lines.isEmpty() ? text("") : table(visit, lines));
  }

  private Element page(Visit visit, StoredLog log) {
    long newest = Math.max(0, log.size() - SHOWN);
    long from =
        Math.clamp(visit.call().query("from", Long::parseLong).orElse(newest), 0, log.size());
    var lines =
        sources.logs().reader(log).page(from, SHOWN).stream()
            .map(entry -> Line.of(log.node(), entry))
            .sorted(Comparator.comparingLong(Line::index).reversed())
            .toList();
    var pages = element("p").with("class", "pages");
    if (from > 0) {
      pages = pages.holding(Parts.link(from(log, Math.max(0, from - SHOWN)), "Older"), text(" "));
    }
    if (from < newest) {
      pages = pages.holding(Parts.link(from(log, Math.min(newest, from + SHOWN)), "Newer"));
    }
    return Parts.card(
        "Records "
            + Wording.count(from)
            + " to "
            + Wording.count(from + Math.max(0, lines.size() - 1)),
        table(visit, lines),
        pages);
  }

  private static String from(StoredLog log, long index) {
    return PATH + "?log=" + Parts.encoded(log.node()) + "&from=" + index;
  }

  private static Element table(Visit visit, List<Line> lines) {
    return Parts.table(
        "Records, newest first",
        List.of("Record", "Time", "What", "Who", "About", "Why"),
        lines.stream()
            .map(line ->
                Parts.cells(
                    Parts.link(Parts.record(line.log(), line.index()), Wording.count(line.index())),
                    Wording.when(line.at(), visit.now()),
                    text(line.type().word()),
                    text(Wording.last(line.identity())),
                    text(line.what()),
                    text(line.why())))
            .toList());
  }

  Reply show(Visit visit) {
    var name = visit.call().param("log");
    long index = visit.call().param("index", Long::parseLong);
    var log =
        sources
            .logs()
            .find(name)
            .orElseThrow(() -> new ProblemException(Problem.notFound("log `" + name + "`")));
    var reader = sources.logs().reader(log);
    var entry =
        (index < 0 ? Optional.<RecordedEntry>empty() : reader.at(index))
            .orElseThrow(() ->
                new ProblemException(
                    Problem.notFound("record " + index + " in the log `" + name + "`")));
    var body = new ArrayList<Html>();
    body.add(members(entry));
    body.add(kept(visit, reader, entry));
    body.add(Proof.card(entry, reader, visit));
    return frame.page(
        visit,
        Frame.Place.LEDGER,
        "Record " + Wording.count(index) + ": " + entry.type().word(),
        log.origin() + ", recorded at " + entry.at(),
        body,
        List.of(Assets.VERIFIER));
  }

  private static Element members(RecordedEntry entry) {
    var facts = new ArrayList<Parts.Fact>();
    entry
        .content()
        .properties()
        .forEach(member -> {
          var value = member.getValue();
          facts.add(
              Parts.Fact.of(
                  member.getKey(),
                  Parts.code(value.isString() ? value.stringValue() : value.toString())));
        });
    return Parts.card("What is recorded", Parts.facts(facts.toArray(Parts.Fact[]::new)));
  }

  /// Content is kept encrypted beside the record, which only commits to it.
  private static Element kept(Visit visit, LedgerReader reader, RecordedEntry entry) {
    var names = List.copyOf(entry.content().path("bodies").propertyNames());
    if (names.isEmpty()) {
      return Parts.card("Kept beside it", Parts.soft("Nothing."));
    }
    var inner = new ArrayList<Html>();
    for (var name : names) {
      inner.add(element("h3").saying(name));
      inner.add(
          visit.holdsAny(MAY_OPEN)
              ? reader
                  .body(entry, name)
                  .map(bytes -> (Html) Parts.quoted(name, shortened(new String(bytes, UTF_8))))
                  .orElseGet(() -> Parts.soft("Erased."))
              : Parts.soft("Only an auditor or security may open it."));
    }
    return Parts.card("Kept beside it", inner);
  }

  private static String shortened(String body) {
    return body.length() <= BODY_CHARS_MAX
        ? body
        : body.substring(0, BODY_CHARS_MAX)
            + "\n… and "
            + Wording.count(body.length() - BODY_CHARS_MAX)
            + " characters more";
  }
}
