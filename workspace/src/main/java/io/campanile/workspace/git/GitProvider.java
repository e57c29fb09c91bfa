package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The providers of git by the names of the public API, which are given in any case. */
final class GitProvider {
    private static final List<String> ALL = List.of(
            "gitHub",
            "gitHubEnterprise",
            "gitLab",
            "gitLabEnterpriseEdition",
            "bitbucketCloud",
            "bitbucketServer",
            "azureDevOpsServices",
            "awsCodeCommit");

    private GitProvider() {}

    /** The name as it is written. */
    static String of(@Nullable String given, String field) {
        ApiException.require(given, field);
        return ALL.stream()
                .filter(known -> known.equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> ApiException.invalid(
                        field + " " + given + " is not supported; " + String.join(", ", ALL) + " are"));
    }

    /** The user a token goes with where its owner gave none: what the provider accepts, or ignores. */
    static String userName(String provider) {
        return switch (provider) {
            case "bitbucketCloud", "bitbucketServer" -> "x-token-auth";
            case "gitLab", "gitLabEnterpriseEdition" -> "oauth2";
            default -> "x-access-token";
        };
    }
}
