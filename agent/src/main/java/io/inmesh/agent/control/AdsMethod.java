package io.inmesh.agent.control;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.Parser;
import java.io.IOException;
import java.io.InputStream;

/** The one gRPC method that an agent calls. Written by hand: one method needs no code generator. */
final class AdsMethod {
  static final MethodDescriptor<DiscoveryRequest, DiscoveryResponse> STREAM =
      MethodDescriptor.<DiscoveryRequest, DiscoveryResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(
              "envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources")
          .setRequestMarshaller(new LiteMarshaller<>(DiscoveryRequest.parser()))
          .setResponseMarshaller(new LiteMarshaller<>(DiscoveryResponse.parser()))
          .build();

  private record LiteMarshaller<T extends MessageLite>(Parser<T> parser)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T message) {
      return message.toByteString().newInput();
    }

    @Override
    public T parse(InputStream in) {
      try {
        return parser.parseFrom(in);
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("the control server sent what is no discovery response")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }

  private AdsMethod() {}
}
