package dev.remit.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import tools.jackson.databind.json.JsonMapper;

/// A credential of the profile `reader` for the database `orders`, as its agent gets it.
///
/// @param url of the database, for JDBC
record DatabaseCredential(String id, String url, String user, String password) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static DatabaseCredential issue(URI server, String token) {
    var body = "{\"resource\":\"orders\",\"profile\":\"reader\"}";
    var json = JsonMapper.shared().readTree(send(server, "/v1/credentials", token, body, 201));
    var url =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(
                json.path("host").stringValue(),
                json.path("port").intValue(),
                json.path("database").stringValue());
    return new DatabaseCredential(
        json.path("id").stringValue(),
        url,
        json.path("user").stringValue(),
        json.path("password").stringValue());
  }

  static void revoke(URI server, String token, String id) {
    send(server, "/v1/credentials/" + id + "/revoke", token, "", 200);
  }

  Connection connect() {
    try {
      return DriverManager.getConnection(url, user, password);
    } catch (SQLException e) {
      throw new IllegalStateException("use a fresh credential", e);
    }
  }

  private static String send(URI server, String path, String token, String body, int expected) {
    try {
      var answer =
          CLIENT.send(
              HttpRequest.newBuilder(server.resolve(path))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        throw new IllegalStateException(path + " was answered: " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException("call " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling " + path, e);
    }
  }

  /// Never shows the password.
  @Override
  public String toString() {
    return "DatabaseCredential[" + id + "]";
  }
}
