package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.SecretKind;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// That a credential is a person's own, as its form tells: what is done with it is done with
/// everything this person may do, for as long as they may, and in their name.
///
/// Sources: the issuers' documentation of what their prefixes stand for.
///
/// @param what whose it is, as `a personal access token of GitHub`
/// @param isCertain whether no workload's credential has this form
record PersonalForm(String what, boolean isCertain) {
  /// One that a resource is declared to use as such, whatever it looks like.
  static final PersonalForm REFRESH_TOKEN =
      perhaps("a refresh token, which acts as whoever agreed to it");

  private static final Map<String, PersonalForm> BY_PREFIX = byPrefix();
  private static final String GOOGLE_REFRESH = "1//0";
  private static final int GOOGLE_REFRESH_MIN = 40;

  private static Map<String, PersonalForm> byPrefix() {
    var all = new LinkedHashMap<String, PersonalForm>();
    all.put("ghp_", certain("a personal access token of GitHub"));
    all.put("github_pat_", certain("a personal access token of GitHub"));
    all.put("gho_", certain("a token with which an app acts as a person at GitHub"));
    all.put("ghu_", certain("a token with which an app acts as a person at GitHub"));
    all.put("ghr_", certain("a refresh token with which an app acts as a person at GitHub"));
    all.put("xoxp-", certain("a token with which an app acts as a person at Slack"));
    all.put("xoxs-", certain("the session of a person at Slack"));
    all.put("dop_v1_", certain("a personal access token of DigitalOcean"));
    all.put("rop_", certain("an operator token of a person at Remit"));
    all.put("glpat-", perhaps("an access token of GitLab, which is a person's or a project's"));
    all.put("npm_", perhaps("an access token of npm, where every account is a person's"));
    all.put("AKIA", perhaps("a standing key of a user at AWS, who may be a person"));
    return all;
  }

  private static PersonalForm certain(String what) {
    return new PersonalForm(what, true);
  }

  private static PersonalForm perhaps(String what) {
    return new PersonalForm(what, false);
  }

  /// Says whether `value` is a person's own, the certain before the likely; empty if its form says
  /// nothing of the kind.
  static Optional<PersonalForm> of(String value) {
    var text = value.strip();
    if (text.startsWith(GOOGLE_REFRESH) && text.length() >= GOOGLE_REFRESH_MIN) {
      return Optional.of(certain("a refresh token with which an app acts as a person at Google"));
    }
    byte[] bytes = text.getBytes(UTF_8);
    return Scanner.OF_FORMATS.scan(bytes).found().stream()
        .filter(found -> !found.isEncoded())
        .flatMap(found -> of(found, said(bytes, found)).stream())
        .min((one, other) -> Boolean.compare(other.isCertain, one.isCertain));
  }

  private static Optional<PersonalForm> of(Exposure found, String secret) {
    if (found.kind() == SecretKind.JWT) {
      return ofToken(secret);
    }
    if (found.kind() == SecretKind.AUTHORIZATION && found.what().equals("basic")) {
      return ofNameAndPassword(secret);
    }
    return BY_PREFIX.entrySet().stream()
        .filter(form -> secret.startsWith(form.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// A token that an identity provider made out to a person says who they are.
  private static Optional<PersonalForm> ofToken(String jwt) {
    return claims(jwt)
        .filter(claims ->
            isAddress(claims.path("email").asString(""))
                || isAddress(claims.path("upn").asString(""))
                || claims.path("idtyp").asString("").equals("user"))
        .map(_ -> certain("a token that an identity provider made out to a person"));
  }

  private static Optional<JsonNode> claims(String jwt) {
    try {
      var payload = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
      return Optional.of(JsonMapper.shared().readTree(payload));
    } catch (IllegalArgumentException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<PersonalForm> ofNameAndPassword(String base64) {
    var said = new String(Base64.getMimeDecoder().decode(base64), UTF_8);
    return isAddress(said.substring(0, Math.max(0, said.indexOf(':'))))
        ? Optional.of(perhaps("a name and password, and the name is somebody's mail address"))
        : Optional.empty();
  }

  /// Google's service accounts have addresses, too.
  private static boolean isAddress(String text) {
    return text.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+") && !text.endsWith(".gserviceaccount.com");
  }

  private static String said(byte[] text, Exposure found) {
    return new String(Arrays.copyOfRange(text, found.start(), found.end()), UTF_8);
  }
}
