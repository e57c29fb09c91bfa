package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.objects.WorkspacePath;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a repository is: over http or https, without a credential in it. */
record GitUrl(URI uri) {
    private static final int LONGEST = 2048;

    static GitUrl parse(String text) {
        ApiException.require(text, "url");
        if (text.length() > LONGEST) {
            throw ApiException.invalid("url has more than " + LONGEST + " characters");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw ApiException.invalid("url is not an address, such as https://host/owner/name.git");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw ApiException.invalid("url must begin with https:// or http://");
        }
        if (uri.getRawUserInfo() != null) {
            throw ApiException.invalid("url must have no user or password in it; make a git credential instead");
        }
        if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw ApiException.invalid("url must have a host and a path, and neither a query nor a fragment");
        }
        GitUrl url = new GitUrl(uri);
        url.name();
        return url;
    }

    /** Where a submodule is: at an address of its own, or at one that begins where this repository is. */
    GitUrl submodule(String given) {
        GitUrl found = given.startsWith("./") || given.startsWith("../") ? beside(given) : parse(given);
        for (String part : String.valueOf(found.uri().getPath()).split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw ApiException.invalid("url must have no . or .. in its path");
            }
        }
        return found;
    }

    private GitUrl beside(String given) {
        String path = String.valueOf(uri.getRawPath()).replaceAll("/+$", "");
        String rest = given;
        while (rest.startsWith("./") || rest.startsWith("../")) {
            if (rest.startsWith("../")) {
                int cut = path.lastIndexOf('/');
                if (cut < 0) {
                    throw ApiException.invalid("url leads out of its server");
                }
                path = path.substring(0, cut);
            }
            rest = rest.substring(rest.indexOf('/') + 1);
        }
        return parse(uri.getScheme() + "://" + uri.getRawAuthority() + path + "/" + rest);
    }

    boolean isAtServerOf(GitUrl other) {
        return GitHosts.isSameServer(uri, other.uri());
    }

    /** The name of a folder for it: the last part of the path without {@code .git}. */
    String name() {
        String path = String.valueOf(uri.getPath()).replaceAll("/+$", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        String name = last.endsWith(".git") ? last.substring(0, last.length() - 4) : last;
        if (name.isEmpty()) {
            throw ApiException.invalid("url must end with the name of a repository");
        }
        return WorkspacePath.checkName(name);
    }

    String host() {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
