package dev.remit.server.export;

import dev.remit.server.export.ExportStore.Aside;
import dev.remit.server.export.ExportStore.Held;
import dev.remit.server.export.format.Outgoing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One page of entries on its way to a destination: what it takes, what waits for another try, and
/// how far it came before the destination took nothing more. Nothing of it is stored here.
final class Passage {

  /// Where the page came to a stop.
  ///
  /// @param next the first entry that nothing became of
  record Halt(long next, Delivered why) {}

  private final Destination destination;
  private final InstantSource clock;
  private final Duration retryMin;
  private final Set<String> lanes;
  private final List<Held> held = new ArrayList<>();
  private final List<Aside> asides = new ArrayList<>();
  private long room;
  private boolean taken;
  private Optional<Halt> halt = Optional.empty();

  /// @param lanes in which something waits already
  /// @param room how many more may wait
  Passage(
      Destination destination,
      Set<String> lanes,
      long room,
      Duration retryMin,
      InstantSource clock) {
    this.destination = destination;
    this.lanes = new HashSet<>(lanes);
    this.room = room;
    this.retryMin = retryMin;
    this.clock = clock;
  }

  /// Sends `page`, in order, until it is through or comes to a stop.
  void send(List<Outgoing> page) {
    int size = destination.atOnceMax();
    for (int from = 0; from < page.size() && halt.isEmpty(); from += size) {
      sendTogether(page.subList(from, Math.min(page.size(), from + size)));
    }
  }

  /// Sends `some` in one delivery, and if that is refused, in two halves, down to the entry that is
  /// at fault.
  private void sendTogether(List<Outgoing> some) {
    var first = some.getFirst();
    var ready = new ArrayList<Outgoing>();
    for (var out : some) {
      if (!lanes.contains(lane(out))) {
        ready.add(out);
      } else if (!waits(out, 0, 0, "waits behind an earlier one", first)) {
        return;
      }
    }
    if (ready.isEmpty()) {
      return;
    }
    switch (destination.deliver(ready)) {
      case Delivered.Taken() -> taken = true;
      case Delivered.TakenInPart(var refused, var why) -> {
        taken = true;
        asides.add(aside(ready, refused, why));
      }
      case Delivered.Refused _ when ready.size() > 1 -> {
        int middle = ready.size() / 2;
        sendTogether(ready.subList(0, middle));
        if (halt.isEmpty()) {
          sendTogether(ready.subList(middle, ready.size()));
        }
      }
      case Delivered.Refused(var why) -> waits(ready.getFirst(), 1, 1, why, first);
      case Delivered.Failed(var why) when destination.atOnceMax() == 1 ->
          waits(ready.getFirst(), 1, 0, why, first);
      case Delivered.Failed failed -> stop(first, failed);
      case Delivered.Later later -> stop(first, later);
      case Delivered.Gone gone -> stop(first, gone);
    }
  }

  private boolean waits(Outgoing out, int tries, int refusals, String why, Outgoing first) {
    if (room == 0) {
      stop(first, new Delivered.Later("as many entries wait for another try as may"));
      return false;
    }
    room--;
    lanes.add(lane(out));
    var now = clock.instant();
    held.add(
        new Held(out.entry().index(), lane(out), tries, refusals, why, now, now.plus(retryMin)));
    return true;
  }

  private void stop(Outgoing at, Delivered why) {
    halt = Optional.of(new Halt(at.entry().index(), why));
  }

  private Aside aside(List<Outgoing> sent, long refused, String why) {
    return new Aside(
        sent.getFirst().entry().index(),
        sent.getLast().entry().index(),
        refused,
        why,
        clock.instant());
  }

  /// What waits behind an entry: of a destination in order, its workflow; else nothing does.
  String lane(Outgoing out) {
    return destination.isInOrder() ? "workflow " + out.workflow() : "entry " + out.entry().index();
  }

  Optional<Halt> halt() {
    return halt;
  }

  /// Whether the destination has taken anything.
  boolean hasTaken() {
    return taken;
  }

  /// Returns what waits below `next`; what comes after it will be read again.
  List<Held> heldBelow(long next) {
    return held.stream().filter(one -> one.index() < next).toList();
  }

  List<Aside> asides() {
    return List.copyOf(asides);
  }
}
