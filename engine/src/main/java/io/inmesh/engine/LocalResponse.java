package io.inmesh.engine;

import java.util.ArrayList;
import java.util.List;

/** A local reply as header mutations see it. */
record LocalResponse(Step.LocalReply reply) implements ResponseView {
  @Override
  public int status() {
    return reply.status();
  }

  @Override
  public List<String> header(String lowerCaseName) {
    List<String> values = new ArrayList<>();
    for (HeaderValue header : reply.headers()) {
      if (header.name().equals(lowerCaseName)) {
        values.add(header.value());
      }
    }
    return values;
  }
}
