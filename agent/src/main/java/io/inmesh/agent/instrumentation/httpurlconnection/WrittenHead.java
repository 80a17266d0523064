package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.RequestHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is written in place of the JDK's own request line and headers.
 *
 * @param ownPath path and query as the application has them
 * @param ownHost the host as the application has it, in lower case, with the port unless that is 80
 */
record WrittenHead(ClientAccess access, String ownPath, String ownHost) {

  /** The JDK's own object if nothing changes, otherwise a copy. */
  Object of(Object own, RequestHead wanted) {
    boolean path = !wanted.path().equals(ownPath);
    boolean host = !wanted.authority().equals(ownHost);
    if (!path && !host && wanted.edits().isEmpty()) {
      return own;
    }
    Object copy = access.newHead();
    // Their own methods lock them for each entry.
    synchronized (own) {
      synchronized (copy) {
        int i = 0;
        for (String key = access.key(own, 0); key != null; key = access.key(own, ++i)) {
          if (i == 0 && path) {
            access.add(copy, withPath(key, wanted.path()), null);
          } else if (host && key.equalsIgnoreCase("host")) {
            access.add(copy, key, wanted.authority());
          } else {
            access.add(copy, key, access.value(own, i));
          }
        }
        access.apply(copy, wanted.edits());
      }
    }
    return copy;
  }

  /** The same as bytes, for one request on a connection of its own. */
  byte[] bytes(Object own, RequestHead wanted, byte[] body) {
    Object head = of(own, wanted);
    StringBuilder text = new StringBuilder(512);
    int i = 0;
    for (String key = access.key(head, 0); key != null; key = access.key(head, ++i)) {
      if (key.equalsIgnoreCase("connection")) {
        continue;
      }
      text.append(key);
      String value = access.value(head, i);
      if (i > 0) {
        text.append(": ").append(value == null ? "" : value);
      }
      text.append("\r\n");
    }
    byte[] start =
        text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  /** Method and version stay. */
  private static String withPath(String line, @Nullable String path) {
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    return first < 0 || last <= first
        ? line
        : line.substring(0, first + 1) + path + line.substring(last);
  }
}
