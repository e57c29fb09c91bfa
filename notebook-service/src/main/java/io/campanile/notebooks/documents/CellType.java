package io.campanile.notebooks.documents;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a cell holds. */
public enum CellType {
    @JsonProperty("code")
    CODE,
    @JsonProperty("markdown")
    MARKDOWN;

    /** The name on the wire and in the database. */
    public String wire() {
        return this == CODE ? "code" : "markdown";
    }
}
