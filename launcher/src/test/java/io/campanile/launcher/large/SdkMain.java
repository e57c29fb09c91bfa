package io.campanile.launcher.large;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * An import and an export as databricks-sdk-java does them, which has all of it in memory several times: {@code <host>
 * <token> <file> <path> <file to write>}.
 */
final class SdkMain {
    private SdkMain() {}

    public static void main(String[] args) throws Exception {
        // The SDK's JSON reader takes texts of 20 MB at most, and an export is one text: its user must allow more.
        StreamReadConstraints.overrideDefaultStreamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(200_000_000).build());
        WorkspaceClient client = new WorkspaceClient(new DatabricksConfig()
                .setHost(args[0])
                .setToken(args[1])
                .setAuthType("pat")
                .setHttpTimeoutSeconds(180));
        client.workspace()
                .importContent(new Import()
                        .setPath(args[3])
                        .setFormat(ImportFormat.JUPYTER)
                        .setContent(Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(args[2])))));
        String content = client.workspace()
                .export(new ExportRequest().setPath(args[3]).setFormat(ExportFormat.JUPYTER))
                .getContent();
        Files.write(Path.of(args[4]), Base64.getDecoder().decode(content));
    }
}
