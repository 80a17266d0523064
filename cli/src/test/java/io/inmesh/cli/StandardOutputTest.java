package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StandardOutputTest {

  @Test
  void failure_ofADiskThatIsFull_isRemembered() {
    StandardOutput output =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            });
    PrintWriter writer = new PrintWriter(output, false, StandardCharsets.UTF_8);
    writer.println("a table");
    assertThat(output.failure()).isEmpty();
    writer.flush();
    assertThat(output.failure()).isEqualTo("No space left on device");
  }
}
