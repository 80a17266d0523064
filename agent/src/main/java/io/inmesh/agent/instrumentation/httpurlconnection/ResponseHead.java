package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.HeaderEdits;
import io.inmesh.engine.ResponseView;
import java.util.List;

/** The JDK's response headers as the engine sees them; used by one thread at once. */
final class ResponseHead implements ResponseView {
  private final ClientAccess access;
  private final Object head;
  private final int status;

  ResponseHead(ClientAccess access, Object head) {
    this.access = access;
    this.head = head;
    this.status = status(access, head);
  }

  /** -1 if there is no status line, as in an answer that is not HTTP. */
  @Override
  public int status() {
    return status;
  }

  boolean hasMoreThan(int headers) {
    return access.key(head, headers + 1) != null;
  }

  private static int status(ClientAccess access, Object head) {
    String line = access.key(head, 0) == null ? access.value(head, 0) : null;
    int space = line == null || !line.startsWith("HTTP/1.") ? -1 : line.indexOf(' ');
    if (line == null || space < 0) {
      return -1;
    }
    int at = space;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    int status = 0;
    for (int i = at; i < at + 3; i++) {
      char c = i < line.length() ? line.charAt(i) : ' ';
      if (c < '0' || c > '9') {
        return -1;
      }
      status = status * 10 + c - '0';
    }
    return status;
  }

  @Override
  public List<String> header(String lowerCaseName) {
    return access.values(head, 1, lowerCaseName);
  }

  /** Changes what the application will see. */
  void apply(HeaderEdits edits) {
    access.apply(head, edits);
  }
}
