package io.inmesh.testapps.tour;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Drives every public method of {@code HttpURLConnection} against servers whose ports its arguments
 * give, and prints what it saw.
 *
 * <p>Arguments: {@code main}, {@code other}, {@code single}, {@code proxy}, {@code socks}, {@code
 * refused}, {@code full}, {@code tls} with ports; {@code truststore} with the file that the TLS
 * server's certificate is in.
 */
public final class HttpUrlConnectionTour {
  /** Runs it; arguments: where the servers are, {@code name=value}. */
  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(
            new FileOutputStream(FileDescriptor.out), true, StandardCharsets.ISO_8859_1);
    Places places = new Places(args);
    Transcript transcript = new Transcript(out, places::moveOn);
    new MethodStops(transcript, places).visit();
    new SettingStops(transcript, places).visit();
    new HeaderStops(transcript, places).visit();
    new BodyStops(transcript, places).visit();
    new RedirectStops(transcript, places).visit();
    new TroubleStops(transcript, places).visit();
    new KeepAliveStops(transcript, places).visit();
    new CredentialStops(transcript, places).visit();
    new ProxyStops(transcript, places).visit();
    new TlsStops(transcript, places).visit();
    out.println("== end");
  }

  private HttpUrlConnectionTour() {}
}
