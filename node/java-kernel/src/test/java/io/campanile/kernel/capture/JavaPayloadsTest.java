package io.campanile.kernel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.connect.proto.CommonInlineUserDefinedFunction;
import org.apache.spark.connect.proto.Expression;
import org.apache.spark.connect.proto.ScalarScalaUDF;
import org.junit.jupiter.api.Test;
import org.sparkproject.com.google.protobuf.ByteString;

class JavaPayloadsTest {
    private static final byte[] STREAM = {(byte) 0xAC, (byte) 0xED, 0, 5, 'a'};
    private static final byte[] OTHER = {1, 2, 3, 4, 5};

    @Test
    void onlyStreamsAreSeenAndChanged() {
        Expression request = expression(STREAM, "a");

        Expression changed = (Expression) JavaPayloads.map(request, bytes -> {
            byte[] copy = bytes.clone();
            copy[4] = 'b';
            return copy;
        });

        assertThat(JavaPayloads.all(request)).isEqualTo(STREAM);
        CommonInlineUserDefinedFunction function = changed.getCommonInlineUserDefinedFunction();
        assertThat(function.getScalarScalaUdf().getPayload().byteAt(4)).isEqualTo((byte) 'b');
        assertThat(function.getFunctionName()).isEqualTo("a");
    }

    @Test
    void aRequestWithoutStreamsStaysTheSameObject() {
        Expression request = expression(OTHER, "f");

        assertThat(JavaPayloads.map(request, bytes -> OTHER)).isSameAs(request);
    }

    private static Expression expression(byte[] payload, String name) {
        return Expression.newBuilder()
                .setCommonInlineUserDefinedFunction(CommonInlineUserDefinedFunction.newBuilder()
                        .setFunctionName(name)
                        .setScalarScalaUdf(ScalarScalaUDF.newBuilder().setPayload(ByteString.copyFrom(payload))))
                .build();
    }
}
