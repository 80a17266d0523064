package io.inmesh.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.inmesh.control.store.CompactedException;
import io.inmesh.control.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code ?watch=true}: changes as lines of JSON for as long as the client listens. A slow client
 * holds back its own watch only: the next changes are read when it has taken the ones before.
 */
final class PolicyWatch {
  private static final int CHANGES_AT_ONCE = 64;
  private static final long BOOKMARK_SECONDS = 30;

  private final Store store;

  PolicyWatch(Store store) {
    this.store = store;
  }

  HttpResponse open(ServiceRequestContext ctx, ResourcePath path, QueryParams query) {
    String from = query.get("resourceVersion", "");
    List<ObjectNode> first = new ArrayList<>();
    long revision;
    if (from.isEmpty() || from.equals("0")) {
      Store.Listing listing = store.list(path.prefix());
      listing
          .entries()
          .forEach(entry -> first.add(event("ADDED", PolicyStore.served(entry, path))));
      revision = listing.revision();
    } else {
      revision = number("resourceVersion", from);
    }
    if (revision > store.revision()) {
      throw ApiException.gone(
          "resourceVersion "
              + revision
              + " is newer than this store's newest, "
              + store.revision()
              + ": it is of another store; list again");
    }
    HttpResponseWriter writer = HttpResponse.streaming();
    Stream stream = new Stream(ctx, path, writer);
    try {
      stream.watch = store.watch(path.prefix(), revision, stream::wake);
    } catch (CompactedException e) {
      throw ApiException.gone(String.valueOf(e.getMessage()));
    }
    ctx.clearRequestTimeout();
    stream.start(first, query);
    return writer;
  }

  private static long number(String parameter, String value) {
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notANumber(parameter, value);
    }
    throw notANumber(parameter, value);
  }

  private static ApiException notANumber(String parameter, String value) {
    return ApiException.badRequest(parameter + ": \"" + value + "\" is no number");
  }

  private static ObjectNode event(String type, ObjectNode object) {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", object);
    return event;
  }

  /** One open watch; its state belongs to the request's event loop. */
  private static final class Stream {
    private final ServiceRequestContext ctx;
    private final ResourcePath path;
    private final HttpResponseWriter writer;
    private Store.@Nullable Watch watch;
    private boolean waiting;

    Stream(ServiceRequestContext ctx, ResourcePath path, HttpResponseWriter writer) {
      this.ctx = ctx;
      this.path = path;
      this.writer = writer;
    }

    void start(List<ObjectNode> first, QueryParams query) {
      writer.write(ResponseHeaders.builder(200).contentType(MediaType.JSON_UTF_8).build());
      var unused = writer.whenComplete().handle((ok, failure) -> end());
      String seconds = query.get("timeoutSeconds", "");
      if (!seconds.isEmpty()) {
        var timeout =
            ctx.eventLoop()
                .schedule(
                    () -> writer.close(), number("timeoutSeconds", seconds), TimeUnit.SECONDS);
        var unusedToo = writer.whenComplete().handle((ok, failure) -> timeout.cancel(false));
      }
      if (PolicyService.flag(query, "allowWatchBookmarks")) {
        var bookmarks =
            ctx.eventLoop()
                .scheduleWithFixedDelay(
                    this::bookmark, BOOKMARK_SECONDS, BOOKMARK_SECONDS, TimeUnit.SECONDS);
        var unusedToo = writer.whenComplete().handle((ok, failure) -> bookmarks.cancel(false));
      }
      first.forEach(this::write);
      wake();
    }

    /** Any thread. */
    void wake() {
      ctx.eventLoop().execute(this::pump);
    }

    private void pump() {
      Store.Watch current = watch;
      if (waiting || current == null || !writer.isOpen()) {
        return;
      }
      List<Store.Change> changes;
      try {
        changes = current.poll(CHANGES_AT_ONCE);
      } catch (CompactedException e) {
        write(
            event(
                "ERROR",
                ApiException.status(410, "Expired", String.valueOf(e.getMessage()), null)));
        writer.close();
        return;
      }
      if (changes.isEmpty()) {
        return;
      }
      for (Store.Change change : changes) {
        write(event(type(change.type()), PolicyStore.served(change.entry(), path)));
      }
      waiting = true;
      var unused =
          writer
              .whenConsumed()
              .thenRunAsync(
                  () -> {
                    waiting = false;
                    pump();
                  },
                  ctx.eventLoop());
    }

    private void bookmark() {
      Store.Watch current = watch;
      if (current == null || waiting) {
        return;
      }
      ObjectNode object = Json.object();
      object.put("kind", path.kind().kind()).put("apiVersion", path.apiVersion());
      object.putObject("metadata").put("resourceVersion", Long.toString(current.revision()));
      write(event("BOOKMARK", object));
    }

    private void write(ObjectNode event) {
      byte[] json = Json.bytes(event);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      boolean unused = writer.tryWrite(HttpData.wrap(line)); // false: the client has gone
    }

    private boolean end() {
      Store.Watch current = watch;
      if (current != null) {
        current.close();
      }
      return true;
    }

    private static String type(Store.ChangeType type) {
      return switch (type) {
        case CREATED -> "ADDED";
        case UPDATED -> "MODIFIED";
        case DELETED -> "DELETED";
      };
    }
  }
}
