package dev.remit.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.remit.server.section.LoggingSection;
import java.io.Console;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/// Sets up what is printed while the server runs: on standard error, one line per event that
/// matters. Written in code because reading Logback's XML takes a tenth of a second at each start.
final class Logs {
  private Logs() {}

  static void setUp(LoggingSection logging) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    var out = new ConsoleAppender<ILoggingEvent>();
    out.setContext(context);
    out.setTarget("System.err");
    out.setEncoder(isJson(logging.format()) ? json(context) : text(context));
    out.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(out);
    root.setLevel(Level.WARN);
    context.getLogger("dev.remit").setLevel(Level.valueOf(logging.level().name()));
    takeOver(java.util.logging.Logger.getLogger(""));
    // These say in passing what our own exceptions and lines say with the attempt they belong to.
    context.getLogger("org.flywaydb").setLevel(Level.ERROR);
    context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
    context.getLogger("org.apache.kafka").setLevel(Level.ERROR);
  }

  /// The web server logs through `java.util.logging`; its warnings belong into the same lines.
  private static void takeOver(java.util.logging.Logger root) {
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(java.util.logging.Level.WARNING);
    root.addHandler(new Forwarding());
  }

  private static final class Forwarding extends Handler {
    @Override
    public void publish(LogRecord record) {
      var name = record.getLoggerName() == null ? "java" : record.getLoggerName();
      LoggerFactory.getLogger(name).warn(record.getMessage(), record.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static boolean isJson(LoggingSection.Format format) {
    return switch (format) {
      case JSON -> true;
      case TEXT -> false;
      case AUTO -> !Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    };
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex");
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    var encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithContext(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithSequenceNumber(false);
    encoder.start();
    return encoder;
  }
}
