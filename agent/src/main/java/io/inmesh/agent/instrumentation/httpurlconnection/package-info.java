/**
 * Routes what an application calls through {@code java.net.HttpURLConnection} with {@code http:}
 * URLs, and leaves everything else of that class alone.
 *
 * <p>The JDK's own state machine stays in charge. The hooks say which endpoint a connection is
 * looked up for, kept alive for and dialled to, what goes over the wire in place of the
 * application's head, and, where the JDK would try a lost connection once more, whether the request
 * is sent anew. Signatures and behaviour were read in JDK 17 and 25. May depend on instrumentation,
 * engine and bootstrap. Start reading at {@link
 * io.inmesh.agent.instrumentation.httpurlconnection.HttpUrlConnectionModule}.
 */
@NullMarked
package io.inmesh.agent.instrumentation.httpurlconnection;

import org.jspecify.annotations.NullMarked;
