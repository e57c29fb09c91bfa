package io.campanile.kernel.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.kernel.secrets.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkproject.org.apache.arrow.memory.BufferAllocator;
import org.sparkproject.org.apache.arrow.memory.RootAllocator;
import org.sparkproject.org.apache.arrow.vector.VarCharVector;
import org.sparkproject.org.apache.arrow.vector.VectorSchemaRoot;
import org.sparkproject.org.apache.arrow.vector.complex.ListVector;
import org.sparkproject.org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.sparkproject.org.apache.arrow.vector.types.pojo.ArrowType;
import org.sparkproject.org.apache.arrow.vector.types.pojo.Field;
import org.sparkproject.org.apache.arrow.vector.types.pojo.Schema;

class RedactedVectorsTest {
    @Test
    void textsAreRedactedAlsoInsideArraysAndRowsStayAsTheyAre() {
        Redaction redaction = new Redaction();
        redaction.remember("canary-4711");
        RedactedVectors redacted = new RedactedVectors(redaction);
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector texts = new VarCharVector("canary-4711", allocator);
                ListVector lists = ListVector.empty("list", allocator)) {
            texts.allocateNew();
            texts.setSafe(0, bytes("plain"));
            texts.setSafe(1, bytes("the canary-4711 twice canary-4711"));
            texts.setNull(2);
            texts.setValueCount(3);
            UnionListWriter writer = lists.getWriter();
            for (int row = 0; row < 3; row++) {
                writer.setPosition(row);
                writer.startList();
                writer.writeVarChar("é" + row);
                writer.writeVarChar("canary-4711");
                writer.endList();
            }
            lists.setValueCount(3);

            redacted.values(VectorSchemaRoot.of(texts, lists));

            assertThat(texts.getObject(0)).hasToString("plain");
            assertThat(texts.getObject(1)).hasToString("the [REDACTED] twice [REDACTED]");
            assertThat(texts.isNull(2)).isTrue();
            assertThat(lists.getObject(2)).asString().isEqualTo("[\"é2\",\"[REDACTED]\"]");
        }
        Schema schema = new Schema(List.of(Field.nullable("is canary-4711", ArrowType.Utf8.INSTANCE)));
        assertThat(redacted.names(schema).getFields())
                .extracting(Field::getName)
                .containsExactly("is [REDACTED]");
        assertThat(new RedactedVectors(new Redaction()).names(schema)).isSameAs(schema);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
