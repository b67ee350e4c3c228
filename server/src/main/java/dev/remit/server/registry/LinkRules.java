package dev.remit.server.registry;

import dev.remit.server.registry.shape.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What one declared thing says of another must be so: whatever is named exists. People, models,
/// workflows, identities, resources, tools and grants are linked objects, so none can be retired
/// while another still names it.
final class LinkRules {

  /// That `from` names `to`.
  record Link(Ref from, String path, Ref to) {}

  private LinkRules() {}

  static List<Link> links(Declared declared) {
    var from = new Ref(declared.kind(), declared.key());
    var links = new ArrayList<Link>();
    switch (declared) {
      case Workflow workflow -> {
        links.add(new Link(from, "owner", new Ref(Kind.PERSON, workflow.owner().value())));
        workflow
            .sponsor()
            .ifPresent(
                name -> links.add(new Link(from, "sponsor", new Ref(Kind.PERSON, name.value()))));
        workflow
            .successor()
            .ifPresent(
                name -> links.add(new Link(from, "successor", new Ref(Kind.PERSON, name.value()))));
      }
      case Identity identity -> {
        links.add(new Link(from, "workflow", new Ref(Kind.WORKFLOW, identity.workflow().value())));
        identity
            .model()
            .ifPresent(
                name -> links.add(new Link(from, "model", new Ref(Kind.MODEL, name.value()))));
        for (var name : identity.delegatesTo()) {
          links.add(new Link(from, "delegatesTo", new Ref(Kind.IDENTITY, name.value())));
        }
        addPeople(links, from, identity);
      }
      case Tool tool ->
          links.add(
              new Link(from, "resource", new Ref(Kind.RESOURCE, tool.name().resource().value())));
      case Grant grant -> addLinks(links, from, grant);
      case Person person -> {
        person
            .accountOf()
            .ifPresent(
                name -> links.add(new Link(from, "accountOf", new Ref(Kind.PERSON, name.value()))));
        person
            .delegates()
            .forEach(one ->
                links.add(new Link(from, "delegates", new Ref(Kind.PERSON, one.to().value()))));
      }
      case Model model -> {
        model
            .resource()
            .ifPresent(name ->
                links.add(new Link(from, "resource", new Ref(Kind.RESOURCE, name.value()))));
        model
            .terms()
            .fallback()
            .ifPresent(
                name -> links.add(new Link(from, "fallback", new Ref(Kind.MODEL, name.value()))));
        model
            .terms()
            .contract()
            .ifPresent(review ->
                links.add(new Link(from, "contractReview.by", new Ref(Kind.PERSON, review.by()))));
      }
      case DataClass _, Resource _, PolicyText _ -> {}
    }
    return links;
  }

  private static void addPeople(List<Link> links, Ref from, Identity identity) {
    for (int i = 0; i < identity.authenticatesBy().size(); i++) {
      if (identity.authenticatesBy().get(i) instanceof Authentication.SignIn(var people, _)) {
        for (var name : people) {
          var path = "authenticatesBy[" + i + "].signIn.people";
          links.add(new Link(from, path, new Ref(Kind.PERSON, name.value())));
        }
      }
    }
  }

  private static void addLinks(List<Link> links, Ref from, Grant grant) {
    links.add(new Link(from, "identity", new Ref(Kind.IDENTITY, grant.identity().value())));
    links.add(new Link(from, "resource", new Ref(Kind.RESOURCE, grant.resource().value())));
    links.add(new Link(from, "approvedBy", new Ref(Kind.PERSON, grant.approvedBy().value())));
    if (grant.tools() instanceof Grant.Tools.Named(var names)) {
      for (var name : names) {
        var to = new Ref(Kind.TOOL, grant.resource() + "/" + name);
        links.add(new Link(from, "tools", to));
      }
    }
    for (var model : grant.models()) {
      if (!model.equals("*")) {
        links.add(new Link(from, "models", new Ref(Kind.MODEL, model)));
      }
    }
    for (var workflow : grant.asks()) {
      if (!workflow.equals("*")) {
        links.add(new Link(from, "asks", new Ref(Kind.WORKFLOW, workflow)));
      }
    }
  }

  static void check(Proposal proposal, Flaws flaws) {
    var next = proposal.next().active();
    Map<Kind, List<String>> known =
        next.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    Ref::kind, Collectors.mapping(Ref::name, Collectors.toList())));
    for (var stored : next.values()) {
      for (var link : links(stored.declared())) {
        if (!next.containsKey(link.to())) {
          refuse(proposal, link, known.getOrDefault(link.to().kind(), List.of()), flaws);
        }
      }
    }
  }

  private static void refuse(Proposal proposal, Link link, List<String> known, Flaws flaws) {
    boolean retired = proposal.current().active().containsKey(link.to());
    if (retired) {
      flaws.always(
          "link",
          link.from(),
          link.path(),
          link.to().said() + " cannot be retired: " + link.from().said() + " names it",
          "retire or change " + link.from().said() + " first, or in the same apply");
    } else {
      flaws.always(
          "link",
          link.from(),
          link.path(),
          link.from().said() + " names " + link.to().said() + ", which does not exist",
          Nearest.to(link.to().name(), known)
              .map(guess -> "did you mean `" + guess + "`?")
              .orElse("declare it, in these files or before"));
    }
  }
}
