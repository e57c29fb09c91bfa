package io.campanile.identity.usage;

/** What a workspace can leave to some of its people only. */
public enum Use {
    TOKENS("tokens", "personal access tokens"),
    PASSWORDS("passwords", "passwords to sign in");

    private final String wire;
    private final String inWords;

    Use(String wire, String inWords) {
        this.wire = wire;
        this.inWords = inWords;
    }

    String wire() {
        return wire;
    }

    String inWords() {
        return inWords;
    }
}
