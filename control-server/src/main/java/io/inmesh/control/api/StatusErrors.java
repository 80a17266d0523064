package io.inmesh.control.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error of the server as a {@code Status} object, whoever found it. */
public final class StatusErrors implements ServerErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StatusErrors.class);

  private final long maxBodyBytes;

  /**
   * @param maxBodyBytes the limit that the server is built with, for the message
   */
  public StatusErrors(long maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable failure) {
    Throwable cause = Exceptions.peel(failure);
    if (cause instanceof ApiException api) {
      return Json.response(api.code(), api.status());
    }
    if (cause instanceof RouteExplainer.UnanswerableException none) {
      ApiException api =
          new ApiException(none.code(), none.reason(), String.valueOf(none.getMessage()));
      return Json.response(api.code(), api.status());
    }
    if (cause instanceof ContentTooLargeException) {
      return render(413, null).toHttpResponse();
    }
    if (cause instanceof HttpStatusException status) {
      return render(status.httpStatus().code(), null).toHttpResponse();
    }
    if (cause instanceof HttpResponseException || cause instanceof RequestTimeoutException) {
      return null; // Armeria's own answer, or renderStatus below
    }
    if (Exceptions.isExpected(cause)) {
      return null; // the client has gone
    }
    LOG.error("{} {} failed", ctx.method(), ctx.path(), cause);
    return render(500, cause.toString()).toHttpResponse();
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    if (status.code() == 404 && ctx != null) {
      return aggregated(ApiException.unknownPath(ctx.decodedPath()));
    }
    return render(status.code(), description);
  }

  private AggregatedHttpResponse render(int code, @Nullable String description) {
    String text = description == null ? HttpStatus.valueOf(code).reasonPhrase() : description;
    return aggregated(
        switch (code) {
          case 400 -> ApiException.badRequest(text);
          case 404 -> new ApiException(404, "NotFound", "nothing is served here");
          case 405 -> new ApiException(405, "MethodNotAllowed", "this method is not allowed here");
          case 413 ->
              new ApiException(
                  413,
                  "RequestEntityTooLarge",
                  "the body is larger than "
                      + (maxBodyBytes >> 20)
                      + " MiB; send one resource in a request");
          case 415 -> ApiException.unsupportedMediaType(text);
          case 503 -> new ApiException(503, "ServiceUnavailable", text);
          default -> new ApiException(code, code >= 500 ? "InternalError" : "BadRequest", text);
        });
  }

  private static AggregatedHttpResponse aggregated(ApiException error) {
    return AggregatedHttpResponse.of(
        HttpStatus.valueOf(error.code()),
        MediaType.JSON_UTF_8,
        com.linecorp.armeria.common.HttpData.wrap(Json.bytes(error.status())));
  }
}
