package dev.remit.conformance.tour;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// The tour's MCP server: invoices in PostgreSQL, over standard input and output, built on the
/// official MCP Java SDK.
///
/// Finds its database in the environment, where Remit puts it when it starts this process: the
/// agent in front never sees it. Ends when its input does.
public final class InvoiceServer {
  /// The JDBC URL, without the password.
  static final String URL = "INVOICES_URL";

  static final String PASSWORD = "INVOICES_PASSWORD";

  private static final Duration WATCH_STEP = Duration.ofMillis(200);
  private static final int WATCH_STEPS = 300;

  private final Invoices invoices;

  private InvoiceServer(Invoices invoices) {
    this.invoices = invoices;
  }

  public static void main(String[] args) throws InterruptedException {
    var url = System.getenv(URL);
    var password = System.getenv(PASSWORD);
    if (url == null || password == null) {
      System.err.println("set " + URL + " and " + PASSWORD + " to where the invoices are");
      System.exit(2);
    }
    new InvoiceServer(new Invoices(url, password)).serve();
  }

  private void serve() throws InterruptedException {
    var transport = new StdioServerTransportProvider(McpJsonDefaults.getMapper());
    McpServer.sync(transport)
        .serverInfo("invoices", "1.0.0")
        .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
        .toolCall(
            tool("find_invoices", "Lists a customer's invoices", true, "customer"), this::find)
        .toolCall(
            tool("pay_invoice", "Pays an open invoice. Cannot be undone", false, "number"),
            this::pay)
        .toolCall(
            tool("delete_invoices", "Deletes all invoices of a customer", false, "customer"),
            this::delete)
        .toolCall(
            tool("watch_payments", "Reports payments as they happen", true, "customer"),
            this::watch)
        .build();
    new CountDownLatch(1).await(); // the transport ends the process with its input
  }

  private CallToolResult find(McpSyncServerExchange exchange, CallToolRequest request) {
    return answered(() -> invoices.of(text(request, "customer")));
  }

  private CallToolResult pay(McpSyncServerExchange exchange, CallToolRequest request) {
    return answered(() -> invoices.pay(text(request, "number")));
  }

  private CallToolResult delete(McpSyncServerExchange exchange, CallToolRequest request) {
    return answered(() -> invoices.delete(text(request, "customer")));
  }

  private CallToolResult watch(McpSyncServerExchange exchange, CallToolRequest request) {
    Object progress = request.meta() == null ? null : request.meta().get("progressToken");
    for (int step = 1; step <= WATCH_STEPS; step++) {
      if (progress != null) {
        exchange.progressNotification(
            McpSchema.ProgressNotification.builder(progress, step)
                .total((double) WATCH_STEPS)
                .message("no payment yet")
                .build());
      }
      if (!slept()) {
        break;
      }
    }
    return CallToolResult.builder().addTextContent("watched to the end").build();
  }

  private static boolean slept() {
    try {
      Thread.sleep(WATCH_STEP);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static McpSchema.Tool tool(
      String name, String description, boolean readOnly, String argument) {
    return McpSchema.Tool.builder(
            name,
            Map.of(
                "type",
                "object",
                "properties",
                Map.of(argument, Map.of("type", "string", "maxLength", 64)),
                "required",
                java.util.List.of(argument),
                "additionalProperties",
                false))
        .description(description)
        .annotations(
            McpSchema.ToolAnnotations.builder()
                .readOnlyHint(readOnly)
                .destructiveHint(!readOnly)
                .build())
        .build();
  }

  private static String text(CallToolRequest request, String argument) {
    return String.valueOf(request.arguments().get(argument));
  }

  private static CallToolResult answered(Query query) {
    try {
      return CallToolResult.builder().addTextContent(query.run()).build();
    } catch (SQLException e) {
      return CallToolResult.builder()
          .addTextContent("the database refused: " + e.getMessage())
          .isError(true)
          .build();
    }
  }

  /// One question to the database, answered in words.
  private interface Query {
    String run() throws SQLException;
  }
}
