package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import java.util.regex.Pattern;

/** An operation as a client sent it: numbered by the client, so that it can be sent again without harm. */
public record ClientOp(String cid, long seq, long base, JsonNode op) {
    private static final Pattern CID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final long LARGEST = 1L << 53;

    public ClientOp {
        if (!CID.matcher(cid).matches()) {
            throw ApiException.invalid("Field cid must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        if (seq < 0 || seq > LARGEST) {
            throw ApiException.invalid("Field seq must be a whole number of at least 0");
        }
        if (base < 0) {
            throw ApiException.invalid("Field base must be a whole number of at least 0");
        }
    }
}
