package io.campanile.cli.git;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile repos}: repositories as folders of the workspace. */
@Command(
        name = "repos",
        description = "Git folders: repositories whose files are objects of the workspace.",
        subcommands = CredentialCommands.class)
public final class RepoCommands {
    private static final String REPOS = "/api/2.0/repos";
    private final Session session;

    public RepoCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the git folders that you may see.")
    int list(
            @Parameters(
                            paramLabel = "PATH",
                            arity = "0..1",
                            description = "Those whose paths begin so; without it those in /Repos.")
                    @Nullable
                    String prefix) {
        Call call = Call.get(REPOS);
        JsonNode answer = session.api()
                .pages(prefix == null ? call : call.query("path_prefix", prefix), "repos", "next_page_token");
        Table table = new Table("ID", "PATH", "BRANCH", "COMMIT", "URL");
        answer.path("repos").forEach(repo -> row(table, repo));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "get", description = "Show one git folder.")
    int get(@Parameters(paramLabel = "REPO", description = "Its id or its path.") String repo) {
        JsonNode answer = session.api().get(REPOS + "/" + id(repo));
        Table table = new Table("ID", "PATH", "BRANCH", "COMMIT", "URL");
        row(table, answer);
        session.show(answer, table);
        return 0;
    }

    @Command(name = "create", description = "Clone a repository into a folder.")
    int create(
            @Parameters(paramLabel = "URL", description = "Where it is, over https.") String url,
            @Option(
                            names = "--provider",
                            paramLabel = "NAME",
                            required = true,
                            description = "Such as gitHub, gitLab, bitbucketCloud.")
                    String provider,
            @Option(names = "--path", paramLabel = "PATH", description = "The folder; by default in /Repos/<you>.")
                    @Nullable
                    String path,
            @Option(
                            names = "--credential",
                            paramLabel = "ID",
                            description = "A git credential of yours; by default that of the provider.")
                    @Nullable
                    Long credential) {
        ObjectNode request = Json.object().put("url", url).put("provider", provider);
        if (path != null) {
            request.put("path", path);
        }
        if (credential != null) {
            request.put("git_credential_id", credential);
        }
        JsonNode answer = session.api().post(REPOS, request);
        session.done(
                answer,
                "Cloned into " + answer.path("path").asText() + " ("
                        + answer.path("id").asText() + ").");
        return 0;
    }

    @Command(name = "update", description = "Take a git folder to the latest of a branch, or to a tag.")
    int update(
            @Parameters(paramLabel = "REPO", description = "Its id or its path.") String repo,
            @Option(names = "--branch", paramLabel = "NAME", description = "The branch.") @Nullable String branch,
            @Option(names = "--tag", paramLabel = "NAME", description = "The tag.") @Nullable String tag) {
        if ((branch == null) == (tag == null)) {
            throw CliFailure.usage("Give either --branch or --tag.");
        }
        ObjectNode request =
                branch == null ? Json.object().put("tag", tag) : Json.object().put("branch", branch);
        session.done(
                session.api().json(Call.json("PATCH", REPOS + "/" + id(repo), request)),
                repo + " is at " + (branch == null ? tag : branch) + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a git folder; what was not pushed is lost.")
    int delete(
            @Parameters(paramLabel = "REPO", description = "Its id or its path.") String repo,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        session.confirm(yes, "Delete " + repo + " with everything in it that was not pushed?");
        session.done(session.api().json(Call.of("DELETE", REPOS + "/" + id(repo))), "Deleted " + repo + ".");
        return 0;
    }

    private static void row(Table table, JsonNode repo) {
        String commit = repo.path("head_commit_id").asText();
        table.row(
                repo.path("id").asText(),
                repo.path("path").asText(),
                repo.path("branch").asText(),
                commit.length() > 10 ? commit.substring(0, 10) : commit,
                repo.path("url").asText());
    }

    private String id(String repo) {
        if (!repo.startsWith("/")) {
            return Call.encoded(repo);
        }
        JsonNode status =
                session.api().json(Call.get("/api/2.0/workspace/get-status").query("path", repo));
        if (!status.path("object_type").asText().equals("REPO")) {
            throw CliFailure.failed(repo + " is not a git folder.");
        }
        return status.path("object_id").asText();
    }
}
