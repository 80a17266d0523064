package io.inmesh.control.push;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.Parser;
import java.io.IOException;
import java.io.InputStream;

/**
 * {@code AggregatedDiscoveryService/StreamAggregatedResources} over the relocated lite messages,
 * whose service stubs nobody generates: the definition is written by hand.
 */
public final class AdsService {
  private static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";

  /** The method, for servers and for clients in tests. */
  static final MethodDescriptor<DiscoveryRequest, DiscoveryResponse> STREAM =
      MethodDescriptor.<DiscoveryRequest, DiscoveryResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(
              MethodDescriptor.generateFullMethodName(SERVICE, "StreamAggregatedResources"))
          .setRequestMarshaller(new LiteMarshaller<>(DiscoveryRequest.parser()))
          .setResponseMarshaller(new LiteMarshaller<>(DiscoveryResponse.parser()))
          .build();

  /** The service, whose streams the loop owns. */
  public static ServerServiceDefinition definition(MeshLoop loop) {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(
            STREAM,
            ServerCalls.asyncBidiStreamingCall(
                responses -> open(loop, (ServerCallStreamObserver<DiscoveryResponse>) responses)))
        .build();
  }

  private static StreamObserver<DiscoveryRequest> open(
      MeshLoop loop, ServerCallStreamObserver<DiscoveryResponse> responses) {
    AdsStream stream =
        loop.open(
            new AdsStream.Outlet() {
              @Override
              public boolean ready() {
                return !responses.isCancelled() && responses.isReady();
              }

              @Override
              public void send(DiscoveryResponse response) {
                responses.onNext(response);
              }
            });
    // With a handler, what is sent to a client that has gone is dropped instead of thrown back.
    responses.setOnCancelHandler(() -> {});
    responses.setOnReadyHandler(() -> loop.ready(stream));
    return new Requests(loop, stream, responses);
  }

  /** The agent's side of a stream; called by one thread at a time. */
  private static final class Requests implements StreamObserver<DiscoveryRequest> {
    private final MeshLoop loop;
    private final AdsStream stream;
    private final StreamObserver<DiscoveryResponse> responses;
    private boolean introduced;

    Requests(MeshLoop loop, AdsStream stream, StreamObserver<DiscoveryResponse> responses) {
      this.loop = loop;
      this.stream = stream;
      this.responses = responses;
    }

    @Override
    public void onNext(DiscoveryRequest request) {
      introduced |= request.hasNode();
      if (!introduced) {
        responses.onError(
            Status.INVALID_ARGUMENT
                .withDescription("the first request of a stream must carry the node")
                .asRuntimeException());
        return;
      }
      loop.request(stream, request);
    }

    @Override
    public void onError(Throwable failure) {
      loop.closed(stream, false, () -> {});
    }

    @Override
    public void onCompleted() {
      loop.closed(stream, true, responses::onCompleted);
    }
  }

  private record LiteMarshaller<T extends MessageLite>(Parser<T> parser)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T message) {
      return message.toByteString().newInput();
    }

    @Override
    public T parse(InputStream stream) {
      try {
        return parser.parseFrom(stream);
      } catch (IOException e) {
        throw Status.INVALID_ARGUMENT
            .withDescription("not a message of the xDS protocol")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }

  private AdsService() {}
}
