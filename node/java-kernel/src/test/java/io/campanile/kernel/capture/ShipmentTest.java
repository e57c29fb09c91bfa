package io.campanile.kernel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import javax.lang.model.SourceVersion;
import org.junit.jupiter.api.Test;

class ShipmentTest {
    @Test
    void everyHashBecomesANameThatJavaSourceCanSay() {
        Set<String> ids = new HashSet<>();

        for (int i = 0; i < 10_000; i++) {
            byte[] hash = new byte[32];
            hash[31] = (byte) i;
            hash[30] = (byte) (i >> 8);
            hash[0] = 1;
            ids.add(Shipment.identifier(hash));
        }

        assertThat(ids).hasSize(10_000).allMatch(SourceVersion::isName).allMatch(id -> id.length() == 8);
    }
}
