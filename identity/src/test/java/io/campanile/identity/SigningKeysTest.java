package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.RSAKey;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestDatabase;
import io.campanile.identity.keys.SigningKeyService;
import io.campanile.identity.keys.SigningKeyStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningKeysTest {
    private static final SigningKeyService.Rules RULES =
            new SigningKeyService.Rules(Duration.ofDays(30), Duration.ofDays(1), Duration.ofHours(1));

    private final SettableClock clock = new SettableClock();

    @TempDir
    Path dataDir;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(TestDatabase.create(), "identity", "identity");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aKeyIsPublishedBeforeItSignsAndUntilItsLastTokenEnded() {
        SigningKeyService keys = keys();
        String first = keys.signing().getKeyID();
        assertThat(ids(keys)).containsExactly(first);

        clock.advance(Duration.ofDays(29));
        keys.tend();
        List<String> both = ids(keys);
        assertThat(both).hasSize(2).startsWith(first);
        assertThat(keys.signing().getKeyID()).isEqualTo(first);

        clock.advance(Duration.ofDays(1));
        keys.tend();
        assertThat(keys.signing().getKeyID()).isEqualTo(both.get(1));
        assertThat(keys.published(first)).isPresent();

        clock.advance(Duration.ofHours(1));
        keys.tend();
        assertThat(keys.published(first)).isEmpty();
        assertThat(ids(keys)).containsExactly(both.get(1));
    }

    @Test
    void twoProcessesAgreeOnOneKey() {
        SigningKeyService one = keys();
        SigningKeyService other = keys();

        RSAKey signing = one.signing();

        assertThat(other.signing().getKeyID()).isEqualTo(signing.getKeyID());
    }

    @Test
    void thePrivateHalfIsNowhereInTheDatabaseInClear() throws Exception {
        RSAKey signing = keys().signing();
        JsonNode privateHalf = Json.MAPPER.readTree(signing.toJSONString());

        Map<String, Object> row = database.acrossWorkspaces("a test")
                .fetchOne("select encode(private_key, 'escape') as sealed, public_key from signing_key")
                .intoMap();

        assertThat(row.toString()).doesNotContain(privateHalf.path("d").asText());
        assertThat(String.valueOf(row.get("public_key"))).doesNotContain("\"d\":", "\"p\":", "\"q\":");
    }

    private SigningKeyService keys() {
        return new SigningKeyService(
                new SigningKeyStore(database.context(), new Envelope(database, new MasterKeys(dataDir, clock))),
                RULES,
                clock);
    }

    private static List<String> ids(SigningKeyService keys) {
        return keys.published().stream()
                .map(key -> String.valueOf(key.get("kid")))
                .toList();
    }
}
