package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Git folders of the owner, shared with the viewer and the runner, and his credentials for git servers. */
final class GitThings {
    private static final String OURS = "/api/campanile/v1/repos/";
    private static final String FILE = "a.txt";

    private final Tenants tenants;
    private final Things things;

    GitThings(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    void register() {
        things.maker("gitcred", this::credential);
        things.maker("remote", this::remote);
        things.maker("repo", this::repo);
        things.maker("edited", this::edited);
        things.maker("merging", this::merging);
        things.maker("resolved", this::resolved);
    }

    private Map<String, String> credential() {
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/2.0/git-credentials",
                        Things.json(Map.of(
                                "git_provider",
                                "gitHub",
                                "git_username",
                                "robot",
                                "name",
                                Tenants.unique(),
                                "personal_access_token",
                                things.canary())))
                .json();
        return Map.of("gitcred", made.path("credential_id").asText());
    }

    /** At the server. */
    private Map<String, String> remote() {
        String name = "r" + Tenants.unique().replace("-", "");
        tenants.platform().git().make(name);
        push(name, things.canary());
        return Map.of("remote", tenants.platform().git().url(name), "remote.name", name);
    }

    private void push(String name, String text) {
        tenants.platform().git().commit(name, "main", Map.of(FILE, text));
    }

    private Map<String, String> repo() {
        Map<String, String> remote = remote();
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/2.0/repos",
                        Things.json(Map.of("url", String.valueOf(remote.get("remote")), "provider", "gitHub")))
                .json();
        String id = made.path("id").asText();
        things.share("repos", id, "CAN_READ", "CAN_RUN");
        return Map.of(
                "repo", id,
                "repo.path", made.path("path").asText(),
                "repo.name", String.valueOf(remote.get("remote.name")));
    }

    /** With a change that is not committed. */
    private Map<String, String> edited() {
        Map<String, String> repo = repo();
        edit(repo, "edited by the owner, " + things.canary());
        return Map.of("edited", String.valueOf(repo.get("repo")));
    }

    /** In the middle of a merge with a conflict in its one file. */
    private Map<String, String> merging() {
        Map<String, String> repo = repo();
        String id = String.valueOf(repo.get("repo"));
        push(String.valueOf(repo.get("repo.name")), "theirs " + things.canary());
        edit(repo, "ours " + things.canary());
        tenants.send(Identity.OWNER, "POST", OURS + id + "/commit", "{\"message\": \"ours\"}");
        tenants.send(Identity.OWNER, "POST", OURS + id + "/pull", "{}");
        return Map.of("merging", id);
    }

    /** A merge whose conflict is resolved. */
    private Map<String, String> resolved() {
        String id = String.valueOf(merging().get("merging"));
        tenants.send(
                Identity.OWNER, "POST", OURS + id + "/conflicts/resolve", "{\"path\": \"a.txt\", \"take\": \"OURS\"}");
        return Map.of("resolved", id);
    }

    private void edit(Map<String, String> repo, String text) {
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/workspace/import",
                Things.json(Map.of(
                        "path",
                        repo.get("repo.path") + "/" + FILE,
                        "format",
                        "AUTO",
                        "overwrite",
                        true,
                        "content",
                        Things.base64(text))));
    }
}
