package io.inmesh.agent.instrumentation.listen;

import io.inmesh.bootstrap.Bridge;
import java.nio.channels.ServerSocketChannel;
import net.bytebuddy.asm.Advice;

/** {@code ServerSocketChannelImpl.bind}, when it has succeeded. */
final class ChannelBindAdvice {

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.This ServerSocketChannel channel) {
    Bridge.bound(channel);
  }

  private ChannelBindAdvice() {}
}
