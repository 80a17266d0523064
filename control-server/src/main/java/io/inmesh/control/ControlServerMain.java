package io.inmesh.control;

import io.inmesh.control.store.StoreException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The control server's command line. */
@Command(
    name = "meshctl",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ControlServerMain.ServerCommand.class)
public final class ControlServerMain {

  /** Exit code 0 = stopped in order, 1 = could not start, 2 = wrong usage. */
  public static void main(String[] args) {
    // Netty's use of sun.misc.Unsafe makes JDK 24 and newer warn on stderr; it can do without.
    if (System.getProperty("io.netty.noUnsafe") == null) {
      System.setProperty("io.netty.noUnsafe", "true");
    }
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new ControlServerMain())
        .setParameterExceptionHandler(
            (problem, words) -> {
              CommandLine command = problem.getCommandLine();
              command.getErr().println("Error: " + problem.getMessage());
              command
                  .getErr()
                  .println("See `" + command.getCommandSpec().qualifiedName() + " --help`.");
              return CommandLine.ExitCode.USAGE;
            });
  }

  private ControlServerMain() {}

  /** {@code server}: serves in the foreground until it is told to stop. */
  @Command(
      name = "server",
      mixinStandardHelpOptions = true,
      description = "Runs the control server in the foreground: REST, xDS and metrics on one port.")
  static final class ServerCommand implements Callable<Integer> {
    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        defaultValue = "127.0.0.1:15010",
        description = "Where to listen (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    String listen = "";

    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = ".inmesh/server",
        description = "Where policy is kept (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("");

    @Option(
        names = "--allow-plaintext-off-loopback",
        description = "Listen on an address that other machines reach, without TLS.")
    boolean allowOffLoopback;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
      ServerConfig config = config();
      ControlServer server;
      try {
        server = ControlServer.start(config);
      } catch (StoreException | StartException e) {
        spec.commandLine().getErr().println("Error: " + e.getMessage() + ".");
        return 1;
      }
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                  },
                  "inmesh-stop"));
      System.out.printf(
          "inmesh control server %s listening on http://%s:%d (data: %s)%n",
          Version.current(), config.host(), server.port(), config.data());
      System.out.flush();
      stopped.await();
      return 0;
    }

    private ServerConfig config() {
      int colon = listen.lastIndexOf(':');
      if (colon <= 0) {
        throw usage("--listen: \"" + listen + "\" is not HOST:PORT, such as 127.0.0.1:15010");
      }
      String host = listen.substring(0, colon);
      int port;
      try {
        port = Integer.parseInt(listen.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw usage("--listen: \"" + listen.substring(colon + 1) + "\" is no port number");
      }
      if (port < 0 || port > 65_535) {
        throw usage("--listen: port " + port + " is not within 0 to 65535");
      }
      if (!allowOffLoopback && !loopback(host)) {
        throw usage(
            "--listen: "
                + host
                + " can be reached from other machines and there is no TLS yet; listen on"
                + " 127.0.0.1, or add --allow-plaintext-off-loopback");
      }
      return new ServerConfig(host, port, data);
    }

    private boolean loopback(String host) {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        throw usage("--listen: \"" + host + "\" is no address of this machine");
      }
    }

    private ParameterException usage(String message) {
      return new ParameterException(spec.commandLine(), message);
    }
  }
}
