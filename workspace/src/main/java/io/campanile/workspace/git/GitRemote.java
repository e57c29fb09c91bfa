package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** Talks to git servers: fetch and push over http and https, within the limits. */
final class GitRemote {
    static final String TRACKING = "refs/remotes/origin/";
    private static final int PACKS = 2;
    private static final List<RefSpec> ALL =
            List.of(new RefSpec("+refs/heads/*:" + TRACKING + "*"), new RefSpec("+refs/tags/*:refs/tags/*"));

    /** A pack whose objects are differences is put together in memory, two objects of it at a time. */
    private final Semaphore packs = new Semaphore(PACKS, true);

    private final GitHosts hosts;
    private final GitConfig config;

    GitRemote(GitHosts hosts, GitConfig config) {
        this.hosts = requireNonNull(hosts, "hosts");
        this.config = requireNonNull(config, "config");
    }

    /** One server and who asks it. */
    record Server(GitUrl url, @Nullable GitCredential credential) {}

    private interface Exchange<T> {
        T run(Transport transport, ProgressMonitor monitor) throws TransportException, NotSupportedException;
    }

    /** Brings all branches and tags; answers the server's own branch, where it says one. */
    Optional<String> fetch(Repository repository, Server server, Allowance allowance) {
        admit(allowance);
        try {
            return talk(repository, server, allowance, (transport, monitor) -> {
                transport.setTagOpt(TagOpt.NO_TAGS);
                transport.setRemoveDeletedRefs(true);
                return ownBranch(transport.fetch(monitor, ALL));
            });
        } finally {
            packs.release();
        }
    }

    /**
     * Brings a commit and all that leads to it: with the branches and tags or, where none of them has it, by its name.
     * Many servers give none by name: then it is not there afterwards.
     */
    void bring(Repository repository, Server server, ObjectId commit, Allowance allowance) {
        fetch(repository, server, allowance);
        if (BlobErrors.guard(() -> repository.getObjectDatabase().has(commit))) {
            return;
        }
        admit(allowance);
        try {
            talk(repository, server, allowance, (transport, monitor) -> {
                transport.setTagOpt(TagOpt.NO_TAGS);
                return transport.fetch(monitor, List.of(new RefSpec(commit.name() + ":refs/named/" + commit.name())));
            });
        } catch (ApiException e) {
            if (e.code() != ErrorCode.BAD_GATEWAY) {
                throw e;
            }
        } finally {
            packs.release();
        }
    }

    private void admit(Allowance allowance) {
        boolean admitted = false;
        try {
            admitted = packs.tryAcquire(allowance.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!admitted) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE, "Other repositories are being fetched; try again later");
        }
    }

    /** Gives a branch of the server a commit, where that loses nothing there. */
    void push(Repository repository, Server server, String branch, ObjectId commit, Allowance allowance) {
        RemoteRefUpdate update = talk(repository, server, allowance, (transport, monitor) -> {
            String name = "refs/heads/" + branch;
            try {
                RemoteRefUpdate asked =
                        new RemoteRefUpdate(repository, commit.name(), commit, name, false, TRACKING + branch, null);
                return transport.push(monitor, List.of(asked)).getRemoteUpdate(name);
            } catch (TransportException | NotSupportedException e) {
                throw e;
            } catch (IOException e) {
                throw new TransportException(e.toString(), e);
            }
        });
        switch (update.getStatus()) {
            case OK, UP_TO_DATE -> {}
            case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED ->
                throw new ApiException(
                        ErrorCode.RESOURCE_CONFLICT,
                        "Branch " + branch + " of the server has commits that this one has not; pull first");
            default ->
                throw new ApiException(
                        ErrorCode.RESOURCE_CONFLICT,
                        "The git server refused branch " + branch
                                + (update.getMessage() == null ? "" : ": " + update.getMessage()));
        }
    }

    private <T> T talk(Repository repository, Server server, Allowance allowance, Exchange<T> exchange) {
        hosts.check(server.url().uri());
        GuardedConnections connections = new GuardedConnections(hosts, server.url(), server.credential(), allowance);
        try (Transport transport =
                Transport.open(repository, new URIish(server.url().toString()))) {
            if (!(transport instanceof TransportHttp http)) {
                throw ApiException.invalid("url must begin with https:// or http://");
            }
            http.setHttpConnectionFactory(connections);
            http.setTimeout(Math.max(1, allowance.millisLeft() / 1000));
            return exchange.run(http, new Watch(allowance));
        } catch (TransportException e) {
            throw refusal(e, server, connections, allowance);
        } catch (NotSupportedException | URISyntaxException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "url cannot be used with git", e);
        }
    }

    private ApiException refusal(
            TransportException failure, Server server, GuardedConnections connections, Allowance allowance) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException refused) {
                return refused;
            }
            if (cause instanceof GuardedConnections.TooMuchException) {
                return new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                        "The repository has more than " + config.repositoryLimit()
                                + " bytes (workspace.git.repository-limit)");
            }
            if (cause instanceof TooLargeObjectInPackException) {
                return new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                        "The repository has a file of more than " + config.fileLimit()
                                + " bytes (workspace.git.file-limit)");
            }
            if (cause instanceof SocketTimeoutException && allowance.passed()) {
                return allowance.over();
            }
        }
        String host = server.url().host();
        if (allowance.passed()) {
            return allowance.over();
        }
        return switch (connections.lastStatus()) {
            case 401, 403 ->
                new ApiException(
                        ErrorCode.PERMISSION_DENIED,
                        server.credential() == null
                                ? "The git server " + host + " asks for a credential; make one for this provider"
                                : "The git server " + host + " refuses the credential; check its token and rights",
                        failure);
            case 404 ->
                new ApiException(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "url: the server " + host + " has no such repository, or does not show it to you",
                        failure);
            default ->
                new ApiException(
                        ErrorCode.BAD_GATEWAY, "The git server " + host + " does not answer as git does", failure);
        };
    }

    private static Optional<String> ownBranch(FetchResult fetched) {
        Ref head = fetched.getAdvertisedRef("HEAD");
        Collection<Ref> all = fetched.getAdvertisedRefs();
        if (head == null) {
            return Optional.empty();
        }
        if (head.isSymbolic()) {
            return Optional.of(Repository.shortenRefName(head.getTarget().getName()));
        }
        return all.stream()
                .filter(ref -> ref.getName().startsWith("refs/heads/")
                        && head.getObjectId().equals(ref.getObjectId()))
                .map(ref -> Repository.shortenRefName(ref.getName()))
                .min((one, other) -> Boolean.compare(!isUsual(one), !isUsual(other)));
    }

    private static boolean isUsual(String branch) {
        return branch.equals("main") || branch.equals("master");
    }

    /** Gives up when the time is over. */
    private static final class Watch extends EmptyProgressMonitor {
        private final Allowance allowance;

        Watch(Allowance allowance) {
            this.allowance = allowance;
        }

        @Override
        public boolean isCancelled() {
            return allowance.passed();
        }
    }
}
