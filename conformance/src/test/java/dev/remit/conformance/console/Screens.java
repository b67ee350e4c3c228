package dev.remit.conformance.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Every page, by a name and where it is; and pictures of each, to be looked at, where
/// `-Dremit.screenshots` names a folder for them.
final class Screens {
  private Screens() {}

  /// @param path with an id of something that is there
  record Screen(String name, String path) {}

  /// Every page, as the person who is signed in reaches it.
  static List<Screen> paths(ConsoleSite site) {
    var all = new ArrayList<Screen>();
    all.add(new Screen("overview", "/console"));
    all.add(new Screen("figures", "/console/figures"));
    all.add(new Screen("approvals", "/console/approvals"));
    all.add(new Screen("approval", first(site, "/console/approvals", ".rows a")));
    all.add(new Screen("apply-requests", "/console/apply-requests"));
    all.add(new Screen("apply-request", first(site, "/console/apply-requests", "tbody a")));
    all.add(new Screen("exceptions", "/console/exceptions"));
    all.add(new Screen("enforcement", "/console/enforcement"));
    all.add(new Screen("suspensions", "/console/suspensions"));
    all.add(new Screen("account", "/console/account"));
    all.add(new Screen("activity", "/console/activity"));
    all.add(new Screen("decision", first(site, "/console/activity", "#live tbody a")));
    all.add(new Screen("workflows", "/console/workflows"));
    all.add(new Screen("workflow", "/console/workflows/claims"));
    all.add(new Screen("gate", "/console/workflows/claims/gate"));
    all.add(new Screen("identities", "/console/identities"));
    all.add(new Screen("identity", "/console/identities/claims-agent"));
    all.add(new Screen("changes", "/console/changes"));
    all.add(new Screen("change", first(site, "/console/changes", "tbody a")));
    all.add(new Screen("emergencies", "/console/emergencies"));
    all.add(new Screen("policies", "/console/policies"));
    all.add(new Screen("findings", "/console/findings"));
    all.add(new Screen("ledger", "/console/ledger"));
    all.add(new Screen("record", first(site, "/console/ledger", "tbody a")));
    return all;
  }

  static String first(ConsoleSite site, String path, String selector) {
    site.open(path);
    return site.browser
        .evaluate("document.querySelector('" + selector + "').getAttribute('href')")
        .stringValue();
  }

  static void shoot(ConsoleSite site) throws IOException {
    var folder = System.getProperty("remit.screenshots", "");
    if (folder.isEmpty()) {
      return;
    }
    var approval = first(site, "/console/approvals", ".rows li:last-child a");
    for (var screen : paths(site)) {
      shoot(site, screen, folder);
    }
    // As the person sees it who is asked.
    site.open("bea", approval);
    shoot(site, new Screen("approval", approval), folder);
  }

  /// One page that not every site has, where pictures are asked for.
  static void shootIfAsked(ConsoleSite site, Screen screen) throws IOException {
    var folder = System.getProperty("remit.screenshots", "");
    if (!folder.isEmpty()) {
      shoot(site, screen, folder);
      site.browser.resize(1280, 900);
      site.browser.prefer("light");
    }
  }

  private static void shoot(ConsoleSite site, Screen screen, String folder) throws IOException {
    for (var scheme : List.of("light", "dark")) {
      site.browser.prefer(scheme);
      site.browser.resize(1280, 900);
      shoot(site, screen, folder, scheme);
    }
    site.browser.resize(380, 800);
    shoot(site, screen, folder, "phone");
  }

  private static void shoot(ConsoleSite site, Screen screen, String folder, String kind)
      throws IOException {
    site.open(screen.path());
    Files.write(Path.of(folder, screen.name() + "-" + kind + ".png"), site.browser.wholePage());
  }
}
