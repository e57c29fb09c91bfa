package io.campanile.driver.executors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SecurityManager;

/**
 * What driver and executors of a cluster prove to each other. It is put where Spark looks first, the credentials of the
 * process's user: no setting and no variable has it, so no listing of those shows it and no child process inherits it.
 */
public final class ClusterSecret {
    private ClusterSecret() {}

    /** Gives it to Spark in this process, before anything of Spark starts. */
    public static void keep(String secret) throws IOException {
        var credentials = new Credentials();
        credentials.addSecretKey(SecurityManager.SECRET_LOOKUP_KEY(), secret.getBytes(StandardCharsets.UTF_8));
        UserGroupInformation.getCurrentUser().addCredentials(credentials);
    }

    /**
     * Every connection is on loopback, and who may speak is what counts: a cipher would hide the bytes from nobody, and in
     * 4.0.1 the streams by which tasks ask for the classes of their session do not survive one: under AES/GCM they never
     * end, under AES/CTR one in some drivers hung. So the secret is proven by SASL and nothing is enciphered
     * (docs/adr/0014). With a local master Spark makes the secret itself.
     */
    public static Map<String, String> authentication() {
        return Map.of("spark.authenticate", "true", "spark.network.crypto.enabled", "false");
    }

    /**
     * What a driver with workers is set to whatever its cluster asks. Spark wants a secret among the settings: it finds one
     * there that opens nothing.
     */
    public static Map<String, String> ofDriver() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(SecurityManager.SPARK_AUTH_SECRET_CONF(), "not here: " + UUID.randomUUID());
        settings.put("spark.decommission.enabled", "true");
        settings.put("spark.storage.decommission.enabled", "true");
        settings.put("spark.storage.decommission.rddBlocks.enabled", "true");
        settings.put("spark.storage.decommission.shuffleBlocks.enabled", "true");
        // How often a leaving executor looks for blocks that are left: it stays at least that long after its last task.
        settings.put("spark.storage.decommission.replicationReattemptInterval", "1s");
        settings.put("spark.dynamicAllocation.enabled", "false");
        settings.put("spark.shuffle.service.enabled", "false");
        // Nodes share an address and no disk: blocks go over the network between them (docs/adr/0025).
        settings.put("spark.shuffle.readHostLocalDisk", "false");
        return settings;
    }
}
