package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one operation: to permitted servers alone, with the credential for the server it was given for and
 * no other, and not longer or more than is allowed.
 */
final class GuardedConnections implements HttpConnectionFactory {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int HIGHEST_PORT = 65_535;

    private final GitHosts hosts;
    private final URI origin;
    private final @Nullable String authorization;
    private final Allowance allowance;
    private int lastStatus;

    GuardedConnections(GitHosts hosts, GitUrl url, @Nullable GitCredential credential, Allowance allowance) {
        this.hosts = requireNonNull(hosts, "hosts");
        this.origin = url.uri();
        this.authorization = credential == null ? null : basic(credential);
        this.allowance = requireNonNull(allowance, "allowance");
    }

    /** More came than is allowed. */
    static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("The answer of the git server is too long");
        }
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        // The check is made with the resolver's answer that the connection will use: the platform keeps it.
        URI uri = address(url);
        hosts.check(uri);
        Guarded connection = new Guarded(url);
        connection.setConnectTimeout(Math.min(CONNECT_MILLIS, allowance.millisLeft()));
        connection.setReadTimeout(allowance.millisLeft());
        connection.setInstanceFollowRedirects(false);
        if (authorization != null && GitHosts.isSameServer(origin, uri)) {
            connection.setRequestProperty("Authorization", authorization);
        }
        return connection;
    }

    /** A redirect may lead to what a library takes for an address and another one does not. */
    private static URI address(URL url) throws IOException {
        try {
            URI uri = url.toURI();
            if (uri.getHost() != null && uri.getPort() <= HIGHEST_PORT) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IOException("The git server leads to what is no address", e);
        }
        throw new IOException("The git server leads to what has no host or port");
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return create(url);
    }

    /** The status of the last answer; 0 before the first. */
    int lastStatus() {
        return lastStatus;
    }

    private static String basic(GitCredential credential) {
        byte[] both = (credential.userName() + ":" + credential.token()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private final class Guarded extends JDKHttpConnection {
        Guarded(URL url) throws IOException {
            super(url, Proxy.NO_PROXY);
        }

        @Override
        public int getResponseCode() throws IOException {
            lastStatus = super.getResponseCode();
            return lastStatus;
        }

        @Override
        public void setReadTimeout(int millis) {
            super.setReadTimeout(allowance.millisLeft());
        }

        /** What is set above stays: nothing else knows for which server the credential is. */
        @Override
        public void setRequestProperty(String name, String value) {
            if (!name.toLowerCase(Locale.ROOT).equals("authorization") || value.equals(authorization)) {
                super.setRequestProperty(name, value);
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new Counted(super.getInputStream());
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int got = super.read();
            count(got < 0 ? 0 : 1);
            return got;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int got = super.read(bytes, from, length);
            count(Math.max(0, got));
            return got;
        }

        private void count(int more) throws IOException {
            if (!allowance.receive(more)) {
                throw new TooMuchException();
            }
            if (allowance.passed()) {
                throw new java.net.SocketTimeoutException("The operation took too long");
            }
        }
    }
}
