package io.inmesh.xds;

import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.xds.wire.AgentQuestion;

/**
 * What a control server asks a live agent: on the stream, as a resource type of our own, of which
 * nothing is kept.
 */
public final class Questions {
  public static final String TYPE_URL = "type.googleapis.com/inmesh.v1.AgentQuestion";

  /** The field of a node's metadata that an answer comes in. */
  public static final String ANSWER = "INMESH_ANSWER";

  /** An answer that would be longer, in bytes, is not sent. */
  public static final int LONGEST_ANSWER = 4 << 20;

  /**
   * Reads a question.
   *
   * @throws InvalidProtocolBufferException if it is none
   */
  public static AgentQuestion parse(Any any) throws InvalidProtocolBufferException {
    return AgentQuestion.parseFrom(any.getValue());
  }

  private Questions() {}
}
