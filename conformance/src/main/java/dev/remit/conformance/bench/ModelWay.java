package dev.remit.conformance.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// One way to the benchmarks' [model][FastModel], under a name that rows carry: the same chat
/// completion with a system prompt and a tool, about a kilobyte.
///
/// @param port where it listens on the loopback interface
/// @param between the processes that stand between client and model
/// @param headers more header lines of each question, each ending in CRLF; asked for anew for each
///   load, since a task token may live for less than a benchmark
record ModelWay(String name, int port, ProcessCpu between, String path, Supplier<String> headers) {

  /// How the answer comes, and how its latency is taken.
  enum Form {
    /// As one body, all of which counts.
    WHOLE,
    /// As 32 events of text, of which the first counts.
    STREAMED
  }

  private static final int WORDS = 32;

  Measured load(Form form, int connections, int calls) {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var until =
        switch (form) {
          case WHOLE -> Load.Until.END;
          case STREAMED -> Load.Until.FIRST_BYTE;
        };
    var more = form == Form.STREAMED ? ",\"stream\":true" : "";
    return new Load(target, connections, calls / connections, requests(WORDS, more), until)
        .run(between);
  }

  /// Requests whose answer streams `words` events at the pace of a model.
  IntFunction<byte[]> slowly(int words) {
    return requests(words, ",\"stream\":true," + FastModel.SLOWLY);
  }

  private IntFunction<byte[]> requests(int words, String more) {
    var lines = headers.get();
    return n -> RawConnection.post(path, "127.0.0.1:" + port, lines, question(n, words, more));
  }

  private static String question(int n, int words, String more) {
    return """
    {"model":"%s","messages":[{"role":"system","content":"You look after the invoices of a \
    wholesaler of garden tools. Answer in two sentences, say amounts with their currency, and say \
    so when you do not know. Never promise a payment."},{"role":"user","content":"What is open of \
    invoice %d, and since when?"}],"temperature":0.2,"max_tokens":%d,"tools":[{"type":"function",\
    "function":{"name":"read_invoice","description":"Reads one invoice by its number, with its \
    lines, its payments and its reminders.","parameters":{"type":"object","properties":{"number":\
    {"type":"integer","minimum":1},"lines":{"type":"boolean","description":"With its lines"}},\
    "required":["number"],"additionalProperties":false}}}]%s}\
    """
        .formatted(FastModel.NAME, n, words, more);
  }
}
