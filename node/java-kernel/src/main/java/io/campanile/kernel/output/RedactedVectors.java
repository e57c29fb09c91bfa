package io.campanile.kernel.output;

import io.campanile.kernel.secrets.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sparkproject.org.apache.arrow.vector.FieldVector;
import org.sparkproject.org.apache.arrow.vector.VarCharVector;
import org.sparkproject.org.apache.arrow.vector.VectorSchemaRoot;
import org.sparkproject.org.apache.arrow.vector.types.pojo.Field;
import org.sparkproject.org.apache.arrow.vector.types.pojo.Schema;

/** Redacts the texts of a table, also those inside arrays, maps and structures, and the names of its columns. */
final class RedactedVectors {
    private final Redaction redaction;

    RedactedVectors(Redaction redaction) {
        this.redaction = redaction;
    }

    /** Spark names a column after its expression, in which a literal may be a secret. */
    Schema names(Schema schema) {
        return redaction.active() ? new Schema(fields(schema.getFields()), schema.getCustomMetadata()) : schema;
    }

    private List<Field> fields(List<Field> fields) {
        return fields.stream()
                .map(field ->
                        new Field(redaction.of(field.getName()), field.getFieldType(), fields(field.getChildren())))
                .toList();
    }

    /** Changes the rows in place. */
    void values(VectorSchemaRoot rows) {
        if (redaction.active()) {
            rows.getFieldVectors().forEach(this::redact);
        }
    }

    private void redact(FieldVector vector) {
        vector.getChildrenFromFields().forEach(this::redact);
        if (!(vector instanceof VarCharVector texts)) {
            return;
        }
        int count = texts.getValueCount();
        byte[][] shown = new byte[count][];
        boolean found = false;
        for (int i = 0; i < count; i++) {
            if (!texts.isNull(i)) {
                byte[] bytes = texts.get(i);
                String text = new String(bytes, StandardCharsets.UTF_8);
                String redacted = redaction.of(text);
                boolean same = redacted.equals(text);
                shown[i] = same ? bytes : redacted.getBytes(StandardCharsets.UTF_8);
                found |= !same;
            }
        }
        if (found) {
            replace(texts, shown);
        }
    }

    private static void replace(VarCharVector texts, byte[][] shown) {
        texts.clear();
        texts.allocateNew(shown.length);
        for (int i = 0; i < shown.length; i++) {
            if (shown[i] == null) {
                texts.setNull(i);
            } else {
                texts.setSafe(i, shown[i]);
            }
        }
        texts.setValueCount(shown.length);
    }
}
