package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.DocumentSplitter.Piece;
import org.junit.jupiter.api.Test;

class DocumentSplitterTest {

  @Test
  void split_markers_beginPieces() {
    assertThat(DocumentSplitter.split("a: 1\n--- # x\nb: 2\r\n---\r\nc: 3"))
        .containsExactly(
            new Piece("a: 1\n", 1), new Piece("--- # x\nb: 2\r\n", 2), new Piece("---\r\nc: 3", 4));
  }

  @Test
  void split_directives_stayWithTheirDocument() {
    assertThat(DocumentSplitter.split("%YAML 1.2\n# x\n---\na: 1\n")).hasSize(1);
  }

  @Test
  void split_dashesThatAreNoMarker_stay() {
    assertThat(DocumentSplitter.split("a: |\n  ---\n----\n---x\n")).hasSize(1);
  }
}
